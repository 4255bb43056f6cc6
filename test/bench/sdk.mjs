// What a program with the `openai` package does: node sdk.mjs <file> <parts at once> <bytes of a part> [blob|buffer]
import { openAsBlob } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import OpenAI, { toFile } from 'openai';

const [path, concurrency, partSize] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = new OpenAI({ maxRetries: 0 });
const { size } = await stat(path);
const count = Math.ceil(size / partSize);
const upload = await client.uploads.create({
  bytes: size,
  filename: 'file',
  mime_type: 'text/jsonl',
  purpose: 'batch',
});

const file = await open(path);
const blob = await openAsBlob(path);
const part = async index => {
  const [start, end] = [index * partSize, Math.min(size, (index + 1) * partSize)];
  if (process.argv[5] === 'blob') return new File([blob.slice(start, end)], 'part');
  const buffer = Buffer.allocUnsafe(end - start);
  await file.read(buffer, 0, buffer.length, start);
  return toFile(buffer, 'part');
};

const ids = [];
let next = 0;
const sender = async () => {
  for (let index = next++; index < count; index = next++) {
    ids[index] = (await client.uploads.parts.create(upload.id, { data: await part(index) })).id;
  }
};
await Promise.all(Array.from({ length: concurrency }, sender));
const { file: made } = await client.uploads.complete(upload.id, { part_ids: ids });
await file.close();
console.log(made.id);
