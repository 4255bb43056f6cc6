import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { FinishedPart, PartId } from '../../../src/core/model/part.ts';
import type { UploadIdentity } from '../../../src/core/ports.ts';
import { sealLine } from '../../../src/io/state/checksummed-line.ts';
import { type Header, savedIn } from '../../support/saved.ts';

const header = (number = 1, over: Partial<Header> = {}): Header => ({
  path: `/data/${number}.bin`,
  fingerprint: { dev: '1', ino: String(number), size: 1000, mtimeNs: '3', ctimeNs: '4' },
  destination: { kind: 'openai', baseUrl: 'https://example.com/v1' },
  request: { filename: 'x.bin', purpose: 'batch', bytes: 1000, mimeType: 'text/plain' },
  partSize: 100,
  md5: true,
  uploadId: `upload_${number}`,
  createdAtMs: 1000 + number,
  ...over,
});
const identityOf = ({ path, ...rest }: Header): UploadIdentity => ({ ...rest, realPath: path });
const part = (number: number): FinishedPart => ({
  number,
  id: `part_${number}` as PartId,
  size: 100,
  digest: '0000000a',
});

it('finds what was saved: its own, and those of other paths', async () => {
  const { store } = await folder();
  for (const number of [1, 2, 3]) await (await store.create(header(number))).close();
  await (await store.create(header(4, { destination: { kind: 'openai', baseUrl: 'https://other/v1' } }))).close();
  const longer = header(5);
  await (await store.create({ ...longer, request: { ...longer.request, bytes: 999 } })).close();
  expect((await store.own(identityOf(header(2))))?.manifest.uploadId).toBe('upload_2');
  expect((await store.elsewhere(identityOf(header(2)))).map(({ manifest }) => manifest.uploadId)).toEqual([
    'upload_3',
    'upload_1',
  ]);
  expect(await store.list()).toHaveLength(5);
  expect((await store.own(identityOf(longer)))?.manifest.request.bytes).toBe(999);
});

it('keeps what it is told for the next process', async () => {
  const { store, dir } = await folder();
  const journal = await store.create(header());
  await Promise.all([1, 3, 2].map(number => journal.checkpoint(part(number))));
  await journal.completing();
  expect(journal.durable).toBe(true);
  await journal.close();
  const again = await savedIn(dir).own(identityOf(header()));
  expect([...(again?.manifest.finished.keys() ?? [])].sort()).toEqual([1, 2, 3]);
  expect(again?.manifest.completing).toBe(true);
});

it('cuts off what cannot be trusted before it goes on', async () => {
  const { store, dir, journals } = await folder();
  const journal = await store.create(header());
  await journal.checkpoint(part(1));
  await journal.checkpoint(part(2));
  await journal.close();
  const [path] = (await journals()) as [string];
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 3));
  const torn = await savedIn(dir).own(identityOf(header()));
  const next = await torn?.open();
  await next?.checkpoint(part(3));
  await next?.close();
  const whole = await savedIn(dir).own(identityOf(header()));
  expect([...(whole?.manifest.finished.keys() ?? [])]).toEqual([1, 3]);
});

it('is private', async () => {
  const { store, dir, journals } = await folder();
  await (await store.create(header())).close();
  expect((await stat(join(dir, 'uploads'))).mode & 0o777).toBe(0o700);
  expect((await stat((await journals())[0] as string)).mode & 0o777).toBe(0o600);
});

it('refuses a newer version, names both, and leaves it alone', async () => {
  const { store, journals } = await folder();
  await (await store.create(header())).close();
  const [path] = (await journals()) as [string];
  const newer = sealLine({ type: 'upload', version: 99, surprise: true });
  await writeFile(path, newer);
  await expect(store.own(identityOf(header()))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(/version 99.*up to 2/),
  });
  expect(await store.list()).toEqual([]);
  expect(await store.elsewhere(identityOf(header(2)))).toEqual([]);
  expect(await readFile(path, 'utf8')).toBe(newer);
});

it('drops one whose header cannot be read, and says so', async () => {
  const told: string[] = [];
  const { dir, journals } = await folder();
  const store = savedIn(dir, told);
  await (await store.create(header())).close();
  const [path] = (await journals()) as [string];
  await writeFile(path, 'torn');
  expect(await store.own(identityOf(header()))).toBeUndefined();
  expect(told).toEqual([`unreadable: ${path}`]);
  expect(await journals()).toEqual([]);
});

it('never takes a journal that is just being made for a broken one', async () => {
  const { store, dir, journals } = await folder();
  let making = true;
  const told: string[] = [];
  const onlookers = Array.from({ length: 3 }, async () => {
    for (const onlooker = savedIn(dir, told); making; ) await onlooker.own(identityOf(header(1)));
  });
  for (let number = 0; number < 100; number += 1)
    await (await store.create(header(1, { uploadId: `upload_${number}` }))).forget();
  for (let number = 0; number < 100; number += 1) await (await store.create(header(number))).close();
  making = false;
  await Promise.all(onlookers);
  expect(told).toEqual([]);
  expect(await journals()).toHaveLength(100);
});

it('goes on from memory where nothing can be saved, and says so once', async () => {
  const told: string[] = [];
  const { dir } = await folder();
  await writeFile(join(dir, 'file'), '');
  const store = savedIn(join(dir, 'file', 'state'), told);
  for (const number of [1, 2]) {
    const journal = await store.create(header(number));
    expect(journal.durable).toBe(false);
    await journal.checkpoint(part(1));
    expect(journal.manifest().finished.size).toBe(1);
    await journal.forget();
  }
  expect(told).toHaveLength(1);
});

it('re-homes what another path began', async () => {
  const { store, dir, journals } = await folder();
  const first = await store.create(header(1));
  await first.checkpoint(part(1));
  await first.close();
  const [saved] = await store.elsewhere(identityOf(header(2)));
  const journal = await saved?.adopt(identityOf(header(2)), header(2).fingerprint);
  await journal?.checkpoint(part(2));
  await journal?.close();
  expect(await journals()).toHaveLength(1);
  expect(await savedIn(dir).own(identityOf(header(1)))).toBeUndefined();
  const own = await savedIn(dir).own(identityOf(header(2)));
  expect(own?.manifest).toMatchObject({ path: '/data/2.bin', uploadId: 'upload_1' });
  expect(own?.manifest.finished.size).toBe(2);
});

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'oai-store-'));
  onTestFinished(async () => {
    await chmod(dir, 0o700);
    await rm(dir, { recursive: true, force: true });
  });
  const uploads = join(dir, 'uploads');
  return {
    dir,
    store: savedIn(dir),
    journals: async () => (await readdir(uploads)).map(name => join(uploads, name)),
  };
}
