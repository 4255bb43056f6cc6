// In the place of src/io/read/new-worker.ts: the program is an asset of the executable.
import { getAsset } from 'node:sea';
import { Worker } from 'node:worker_threads';

export const newWorker = ({ pathname }, options) =>
  new Worker(getAsset(pathname.slice(1), 'utf8'), { ...options, eval: true });
