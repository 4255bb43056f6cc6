// The same server as sink.c, in Node: for machines without a compiler, and for TLS.
//   node sink.mjs [bytes a second of each connection] [ms before each answer] [tls]
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

const [rate, delayMs] = process.argv.slice(2, 4).map(Number);
const isTls = process.argv[4] === 'tls';
const stats = { connections: 0, requests: 0, bytes: 0 };
let ids = 0;

const folder = new URL('../support/tls/', import.meta.url);
const server = isTls
  ? https.createServer({
      key: readFileSync(new URL('server.key', folder)),
      cert: readFileSync(new URL('server.crt', folder)),
    })
  : http.createServer();
server.on('connection', () => {
  stats.connections += 1;
});
server.on('request', async (request, response) => {
  const text = await received(request).catch(() => undefined);
  if (text === undefined) return;
  stats.requests += 1;
  if (delayMs > 0) await sleep(delayMs);
  const body = JSON.stringify(replyTo(request.url, text));
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': `req_${stats.requests}`,
  });
  response.end(body);
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

/** The body's text where it is small; a part is dropped. */
async function received(request) {
  const isPart = request.url.endsWith('/parts');
  const startedAtMs = performance.now();
  let text = '';
  let done = 0;
  for await (const chunk of request) {
    done += chunk.length;
    if (isPart) stats.bytes += chunk.length;
    else if (text.length < 65536) text += chunk;
    const aheadMs = rate > 0 ? (done / rate) * 1000 - (performance.now() - startedAtMs) : 0;
    if (aheadMs > 1) await sleep(aheadMs);
  }
  return text;
}

function replyTo(url, text) {
  if (url.endsWith('/stats')) return stats;
  const [, id = '', bytes = 0] = /uploads\/(upload_\d+x(\d+))/.exec(url) ?? [];
  const created_at = Math.floor(Date.now() / 1000);
  const named = { filename: 'file', purpose: 'batch', created_at };
  if (url.endsWith('/parts')) return { id: `part_${++ids}`, object: 'upload.part', created_at, upload_id: id };
  const upload = { object: 'upload', ...named, expires_at: created_at + 3600 };
  if (url.endsWith('/complete')) {
    const file = { id: `file-${++ids}`, object: 'file', bytes: Number(bytes), ...named, status: 'processed' };
    return { id, ...upload, bytes: Number(bytes), status: 'completed', file };
  }
  const size = Number(JSON.parse(text).bytes);
  return { id: `upload_${++ids}x${size}`, ...upload, bytes: size, status: 'pending' };
}
