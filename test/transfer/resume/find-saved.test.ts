import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { UploadIdentity } from '../../../src/core/ports.ts';
import { findSaved } from '../../../src/transfer/resume/find-saved.ts';
import type { FileRun } from '../../../src/transfer/run.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { fileRun, freeLocks } from '../../support/ports.ts';
import { addRecords, savedIn, saveUpload } from '../../support/saved.ts';

const never = new AbortController().signal;

it('takes over the upload of a file that is now elsewhere', async () => {
  const { find, journals } = await copied();
  const beginning = await find();
  expect(beginning).toMatchObject({ kind: 'resume' });
  if (beginning.kind === 'resume') expect(beginning.journal.manifest().finished.size).toBe(2);
  expect(await journals()).toHaveLength(1);
});

it('leaves one alone that another run is uploading', async () => {
  const { find } = await copied();
  const locks = { acquire: () => Promise.reject(new Error('held')) };
  expect(await find({ locks })).toEqual({ kind: 'start', because: 'no manifest' });
});

it('starts where the other run ended before its lock was free', async () => {
  const { find, dir } = await copied();
  const locks = {
    acquire: async () => {
      for (const saved of await savedIn(dir).list()) await saved.forget();
      return async () => {};
    },
  };
  expect(await find({ locks })).toEqual({ kind: 'start', because: 'no manifest' });
});

it('loses nothing that the other run wrote before its lock was free', async () => {
  const { find, journals } = await copied();
  const locks = {
    acquire: async () => {
      for (const journal of await journals()) await addRecords(journal, { type: 'completing' });
      return async () => {};
    },
  };
  expect(await find({ locks })).toEqual({ kind: 'start', because: 'no manifest' });
  expect(await journals()).toHaveLength(1);
});

it.each([
  ['may have completed', { type: 'completing' }],
  ['did complete', { type: 'completed', md5: null, file: { id: 'file-1' } }],
] as const)('takes over one that %s where the file was moved, not where it was copied', async (_what, record) => {
  const { find, journals, first } = await copied();
  for (const journal of await journals()) await addRecords(journal, record);
  expect(await find()).toEqual({ kind: 'start', because: 'no manifest' });
  await rm(first);
  expect(await find()).toMatchObject({ kind: 'resume' });
});

it('re-homes one whose adoption was killed half-way', async () => {
  const { find, dir, identity, fingerprint } = await copied();
  const [saved] = await savedIn(dir).elsewhere(identity);
  await (await saved?.adopt({ ...identity }, fingerprint))?.rehome('/where/it/was', fingerprint);
  const beginning = await find();
  if (beginning.kind !== 'resume') throw new Error((beginning as { because?: string }).because);
  expect(beginning.journal.manifest().path).toBe(identity.realPath);
});

async function copied() {
  const dir = await mkdtemp(join(tmpdir(), 'oai-saved-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const first = await randomFile(join(dir, 'f.bin'), 4 * KiB);
  const header = await saveUpload(dir, {
    file: first,
    baseUrl: 'http://x/v1',
    partSize: KiB,
    finished: { 1: 'part_1', 3: 'part_3' },
  });
  await mkdir(join(dir, 'copy'));
  await copyFile(first, join(dir, 'copy', 'f.bin'));
  const { run } = fileRun(dir, { now: Date.now });
  const source = await run.openSource(join(dir, 'copy', 'f.bin'));
  onTestFinished(() => source.close());
  const { destination, request } = header;
  const identity: UploadIdentity = { destination, request, realPath: source.realPath };
  const find = async (over: Partial<FileRun> = {}) => {
    const beginning = await findSaved(
      identity,
      source,
      { restart: false },
      { ...run, locks: freeLocks, ...over },
      never,
    );
    if (beginning.kind === 'resume') onTestFinished(() => beginning.journal.close());
    return beginning;
  };
  const uploads = join(dir, 'uploads');
  const journals = async () => (await readdir(uploads)).map(name => join(uploads, name));
  return { dir, find, first, identity, fingerprint: source.fingerprint, journals };
}
