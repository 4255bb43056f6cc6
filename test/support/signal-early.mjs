// Preloaded (`node --import`): sends SIGNALS (`SIGINT,SIGINT`) to its own process, AFTER_MS after its main file began,
// from a thread, which loading does not hold up. The main file has begun when it asks for the version of Node.
import { Worker } from 'node:worker_threads';

const flag = new Int32Array(new SharedArrayBuffer(4));
const [first, ...others] = (process.env.SIGNALS ?? '').split(',');
const afterMs = Number(process.env.AFTER_MS);

const thread = `
  const { workerData: { flag, signals, afterMs }, parentPort } = require('node:worker_threads');
  parentPort.postMessage('ready');
  Atomics.wait(flag, 0, 0);
  Atomics.wait(flag, 0, 1, afterMs);
  for (const signal of signals) process.kill(process.pid, signal);
`;
const signals = afterMs === 0 ? others : [first, ...others];
const worker = new Worker(thread, { eval: true, workerData: { flag, signals, afterMs } });
await new Promise(resolve => worker.once('message', resolve));
worker.unref();

const { versions } = process;
let hasBegun = false;
Object.defineProperty(process, 'versions', {
  get() {
    if (!hasBegun && new Error('where').stack.includes('oai-upload.js')) {
      hasBegun = true;
      if (afterMs === 0) process.kill(process.pid, first);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    }
    return versions;
  },
});
