// Preloaded (`node --import`): counts the steps that change state, a boundary before and one after each, and ends its
// own process with SIGKILL at boundary KILL_AT. STEPS_TO names a file that gets a line for each boundary.
import { createRequire, syncBuiltinESMExports } from 'node:module';

const require = createRequire(import.meta.url);
const fs = require('node:fs');
const promises = require('node:fs/promises');
const net = require('node:net');
const http = require('node:http');

const killAt = Number(process.env.KILL_AT ?? 0);
const stepsTo = process.env.STEPS_TO;
const { appendFileSync } = fs;
let boundary = 0;

const reach = name => {
  boundary += 1;
  if (stepsTo) appendFileSync(stepsTo, `${boundary} ${name}\n`);
  if (boundary === killAt) process.kill(process.pid, 'SIGKILL');
};

const short = value => (typeof value === 'string' ? value.split('/').slice(-2).join('/') : '');

/** Wraps a method that settles when the step is done. */
const wrapAsync = (owner, method, counts = () => true) => {
  const original = owner[method];
  owner[method] = function (...args) {
    if (!counts(...args)) return original.apply(this, args);
    const name = `${method} ${short(args[0])}`;
    reach(`before ${name}`);
    return Promise.resolve(original.apply(this, args)).then(result => {
      reach(`after ${name}`);
      return result;
    });
  };
};

const probe = await promises.open('/dev/null', 'r');
const handle = Object.getPrototypeOf(probe);
await probe.close();
for (const method of ['appendFile', 'datasync', 'sync', 'truncate', 'write', 'writeFile']) wrapAsync(handle, method);
for (const method of ['appendFile', 'writeFile', 'rename', 'unlink', 'mkdir', 'rm', 'link'])
  wrapAsync(promises, method);
wrapAsync(promises, 'open', (_path, flags = 'r') => flags !== 'r');

// The lock: a socket that listens, or leaves.
const { listen, close } = net.Server.prototype;
net.Server.prototype.listen = function (...args) {
  reach(`before listen`);
  this.once('listening', () => reach('after listen'));
  return listen.apply(this, args);
};
net.Server.prototype.close = function (...args) {
  reach('before close of the lock');
  return close.apply(this, args);
};

// A request is sent at its end; a reply is read when its body is.
const { end, emit } = http.ClientRequest.prototype;
http.ClientRequest.prototype.end = function (...args) {
  reach(`before end of ${this.method} ${short(this.path)}`);
  this.once('finish', () => reach(`after end of ${this.method} ${short(this.path)}`));
  return end.apply(this, args);
};
http.ClientRequest.prototype.emit = function (event, ...args) {
  if (event !== 'response') return emit.call(this, event, ...args);
  const name = `reply to ${this.method} ${short(this.path)}`;
  reach(`before ${name}`);
  args[0].once('end', () => reach(`after ${name}`));
  return emit.call(this, event, ...args);
};

const { write } = process.stdout;
process.stdout.write = function (...args) {
  reach('before stdout');
  const result = write.apply(this, args);
  reach('after stdout');
  return result;
};

syncBuiltinESMExports();
