import { createHash, randomBytes } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import { expect, it } from 'vitest';
import { KEY, local } from '../server/support/local.ts';

const PART_BYTES = 1_000_003;
const bytes = randomBytes(4_500_000);
const partsOf = (whole: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil(whole.length / PART_BYTES) }, (_, index) =>
    whole.subarray(index * PART_BYTES, (index + 1) * PART_BYTES),
  );

async function sdk(): Promise<OpenAI> {
  const { url } = await local();
  return new OpenAI({ apiKey: KEY, baseURL: url, maxRetries: 0 });
}

async function collect<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of pages) all.push(one);
  return all;
}

it('the official SDK uploads in parts, and lists, retrieves, downloads and deletes the file', async () => {
  const openai = await sdk();
  const upload = await openai.uploads.create({
    filename: 'big.jsonl',
    purpose: 'batch',
    bytes: bytes.length,
    mime_type: 'application/jsonl',
    expires_after: { anchor: 'created_at', seconds: 86_400 },
  });
  const parts = await Promise.all(
    partsOf(bytes).map(async part => openai.uploads.parts.create(upload.id, { data: await toFile(part, 'part') })),
  );
  const md5 = createHash('md5').update(bytes).digest('hex');
  const { status, file } = await openai.uploads.complete(upload.id, { part_ids: parts.map(({ id }) => id), md5 });
  expect(status).toBe('completed');
  expect(file).toMatchObject({ filename: 'big.jsonl', bytes: bytes.length, created_at: upload.created_at });

  const listed = await collect(openai.files.list({ purpose: 'batch', limit: 1 }));
  expect(listed).toEqual([file]);
  const id = file?.id ?? '';
  expect(await openai.files.retrieve(id)).toEqual(file);
  const content = await openai.files.content(id);
  expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
  expect(await openai.files.delete(id)).toEqual({ id, object: 'file', deleted: true });
  await expect(openai.files.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError);
});

it('the official SDK uploads a file in one request', async () => {
  const openai = await sdk();
  const expires_after = { anchor: 'created_at', seconds: 3600 } as const;
  const file = await openai.files.create({ file: await toFile(bytes, 'eval.jsonl'), purpose: 'evals', expires_after });
  expect(file).toMatchObject({ bytes: bytes.length, filename: 'eval.jsonl', expires_at: file.created_at + 3600 });
  const content = await openai.files.content(file.id);
  expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
});

it('the official SDK pages through the list, cancels, and asks for models', async () => {
  const openai = await sdk();
  const files = await Promise.all(
    ['a', 'b', 'c'].map(async name =>
      openai.files.create({ file: await toFile(Buffer.from(name), name), purpose: 'user_data' }),
    ),
  );
  const listed = await collect(openai.files.list({ limit: 1, order: 'asc' }));
  expect(listed.map(({ id }) => id).sort()).toEqual(files.map(({ id }) => id).sort());
  const { id } = await openai.uploads.create({ filename: 'a', purpose: 'vision', bytes: 1, mime_type: 'image/png' });
  expect(await openai.uploads.cancel(id)).toMatchObject({ id, status: 'cancelled' });
  expect((await openai.models.list()).data).toHaveLength(1);
});

it('the official SDK knows our refusals as its own errors', async () => {
  const { url } = await local();
  const openai = new OpenAI({ apiKey: 'wrong', baseURL: url, maxRetries: 0 });
  const request = { filename: 'a', purpose: 'batch', bytes: 1, mime_type: 'a/b' } as const;
  await expect(openai.uploads.create(request)).rejects.toMatchObject({
    status: 401,
    code: 'invalid_api_key',
    requestID: expect.stringMatching(/^req_/),
  });
});
