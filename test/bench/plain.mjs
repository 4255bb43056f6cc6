// What many small files cost at least: create, one part and complete for each, over node:http with kept connections,
// so many at a time. It keeps nothing, checks nothing and tries nothing again.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { basename } from 'node:path';

const [base, concurrency, ...paths] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(concurrency) });
const authorization = `Bearer ${process.env.OPENAI_API_KEY}`;

const post = (path, type, body) =>
  new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': type, 'content-length': body.length };
    const sent = request(`${base}${path}`, { method: 'POST', agent, headers }, async reply => {
      let text = '';
      for await (const chunk of reply) text += chunk;
      if (reply.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`${path}: ${reply.statusCode} ${text}`));
    });
    sent.on('error', reject);
    sent.end(body);
  });

const json = (path, value) => post(path, 'application/json', Buffer.from(JSON.stringify(value)));

const part = (path, bytes) => {
  const boundary = 'plain-boundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="data"; filename="part"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return post(path, `multipart/form-data; boundary=${boundary}`, body);
};

async function upload(path) {
  const bytes = await readFile(path);
  const made = { filename: basename(path), purpose: 'assistants', bytes: bytes.length, mime_type: 'text/plain' };
  const { id } = await json('/uploads', made);
  const { id: partId } = await part(`/uploads/${id}/parts`, bytes);
  const { file } = await json(`/uploads/${id}/complete`, { part_ids: [partId] });
  return file.id;
}

const ids = [];
let next = 0;
await Promise.all(
  Array.from({ length: Number(concurrency) }, async () => {
    while (next < paths.length) {
      const index = next++;
      ids[index] = await upload(paths[index]);
    }
  }),
);
console.log(ids.join('\n'));
agent.destroy();
