import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiFile, ApiUpload } from '../../../src/core/model/api.ts';
import type { PartId } from '../../../src/core/model/part.ts';
import type { Completion, UploadsApi } from '../../../src/core/ports.ts';
import { complete } from '../../../src/transfer/complete/complete.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { apiFile, failed, fileRun, inTurn, lost, refused } from '../../support/ports.ts';
import { crcOf, savedIn, saveUpload } from '../../support/saved.ts';

const SIZE = 3 * KiB;
const CREATED_AT = 1_700_000_000;
const never = new AbortController().signal;

const ours = (over: Partial<ApiFile> = {}) =>
  apiFile({ filename: 'f.bin', purpose: 'assistants', bytes: SIZE, created_at: CREATED_AT + 5, ...over });
const cancelled: ApiUpload = { id: 'upload_1', status: 'cancelled' };
const page = (...data: readonly ApiFile[]) => inTurn({ data: [...data], has_more: false });

describe('complete', () => {
  it('is done at its first answer', async () => {
    const { run } = await scene({ complete: inTurn<Completion>({ file: ours() }) });
    expect(await run()).toEqual({ kind: 'file', file: ours() });
  });

  it('is asked again after a lost answer', async () => {
    const { run, journal } = await scene({ complete: inTurn<Completion>(lost('complete'), { file: ours() }) });
    expect(await run()).toMatchObject({ kind: 'file' });
    expect(journal.manifest().completing).toBe(true);
  });

  it('writes a definite refusal down', async () => {
    const { run, journal } = await scene({ complete: inTurn<Completion>(refused('complete', 400)) });
    await expect(run()).rejects.toMatchObject({ failure: { status: 400 } });
    expect(journal.manifest().completing).toBe(false);
  });

  it('does not take a refusal for definite where an earlier run was asking', async () => {
    const { run, journal } = await scene({
      complete: inTurn<Completion>(refused('complete', 400)),
      ...listing(ours()),
    });
    await journal.completing();
    expect(await run()).toMatchObject({ kind: 'file' });
  });
});

describe('after a lost answer and a refusal', () => {
  const afterLoss = () => ({ complete: inTurn<never>(lost('complete'), refused('complete', 400)) });

  it.each([
    ['a File with our content is ours', listing(ours()), 'file-1'],
    [
      'one that cannot be read is ours if it was made at the time of its Upload',
      unreadable(ours({ created_at: CREATED_AT })),
      'file-1',
    ],
    ['whose size is not known yet', listing(ours({ bytes: null })), 'file-1'],
    ['among others, the one with our content', listing(ours({ id: 'other', filename: 'g.bin' }), ours()), 'file-1'],
  ] as const)('%s', async (_what, api, id) => {
    const { run } = await scene({ ...afterLoss(), ...api });
    expect(await run()).toMatchObject({ kind: 'file', file: { id } });
  });

  it('a single unreadable candidate is ours only if cancel is refused', async () => {
    const api = () => ({ ...afterLoss(), ...unreadable(ours()) });
    const { run } = await scene({ ...api(), cancel: inTurn<ApiUpload>(refused('cancel', 400)) });
    expect(await run()).toMatchObject({ kind: 'file', file: { id: 'file-1' } });
    const other = await scene({ ...api(), cancel: inTurn(cancelled) });
    expect(await other.run()).toMatchObject({ kind: 'nothing completed' });
  });

  it('two unreadable candidates are nobody knows whose: exit 9', async () => {
    const { run } = await scene({
      ...afterLoss(),
      ...unreadable(ours({ id: 'a' }), ours({ id: 'b' })),
      cancel: inTurn<ApiUpload>(refused('cancel', 400)),
    });
    await expect(run()).rejects.toMatchObject({ code: 'UNCERTAIN', exitCode: 9 });
  });

  it('a refused cancel proves nothing where the answer to an earlier one was lost', async () => {
    const { run } = await scene({
      ...afterLoss(),
      ...unreadable(ours()),
      cancel: inTurn<ApiUpload>(lost('cancel'), refused('cancel', 400)),
    });
    await expect(run()).rejects.toMatchObject({ code: 'UNCERTAIN' });
  });

  it.each([
    ['older than the Upload', ours({ created_at: CREATED_AT - 1 })],
    ['of another name', ours({ filename: 'g.bin' })],
    ['of another purpose', ours({ purpose: 'batch' })],
    ['of another size', ours({ bytes: SIZE + 1 })],
  ])('a File %s is no candidate', async (_what, file) => {
    const { run, journal } = await scene({ ...afterLoss(), ...listing(file), cancel: inTurn(cancelled) });
    expect(await run()).toMatchObject({ kind: 'nothing completed' });
    expect(journal.manifest().completing).toBe(false);
  });

  it('a File with other content is not ours', async () => {
    const { run } = await scene({ ...afterLoss(), ...listing(ours()), content: other, cancel: inTurn(cancelled) });
    expect(await run()).toMatchObject({ kind: 'nothing completed' });
  });

  it('no list and no cancel: exit 9, and the record stays for the next run', async () => {
    const { run, journal } = await scene({
      ...afterLoss(),
      files: inTurn<never>(refused('files', 404)),
      cancel: inTurn<ApiUpload>(refused('cancel', 404)),
    });
    await expect(run()).rejects.toMatchObject({ code: 'UNCERTAIN', hint: expect.stringContaining('f.bin') });
    expect(journal.manifest().completing).toBe(true);
  });

  it('looks through the pages of the list', async () => {
    const asked: (string | undefined)[] = [];
    const files: UploadsApi['files'] = async ({ after }) => {
      asked.push(after);
      if (after === 'b') return { data: [ours()], has_more: false };
      const id = after === undefined ? 'a' : 'b';
      return { data: [ours({ id, filename: 'g.bin' })], has_more: true };
    };
    const { run } = await scene({ ...afterLoss(), ...listing(), files });
    expect(await run()).toMatchObject({ kind: 'file', file: { id: 'file-1' } });
    expect(asked).toEqual([undefined, 'a', 'b']);
  });
});

it('out of attempts: a File that is surely ours ends it well', async () => {
  const { run } = await scene({ complete: inTurn<never>(lost('complete')), ...listing(ours()) });
  expect(await run()).toMatchObject({ kind: 'file' });
  const none = await scene({ complete: inTurn<never>(lost('complete')), ...listing() });
  await expect(none.run()).rejects.toMatchObject({ failure: { reason: 'connection-reset' } });
  expect(none.journal.manifest().completing).toBe(true);
});

it('a 409 that passes is no refusal', async () => {
  const { run } = await scene({
    complete: inTurn<Completion>(failed({ endpoint: 'complete', status: 409 }), { file: ours() }),
  });
  expect(await run()).toMatchObject({ kind: 'file' });
});

let path = '';
function listing(...data: readonly ApiFile[]): Partial<UploadsApi> {
  return { files: page(...data), content: same };
}
function unreadable(...data: readonly ApiFile[]): Partial<UploadsApi> {
  return { files: page(...data), content: noContent };
}
async function* same(): AsyncGenerator<Uint8Array> {
  yield await readFile(path);
}
async function* other(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(SIZE);
}
// biome-ignore lint/correctness/useYield: it fails before there is anything
async function* noContent(): AsyncGenerator<Uint8Array> {
  throw refused('content', 400);
}

/** An upload whose parts are all finished, and how its `complete` ends. */
async function scene(api: Partial<UploadsApi>) {
  const dir = await mkdtemp(join(tmpdir(), 'oai-complete-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  path = await randomFile(join(dir, 'f.bin'), SIZE);
  const header = await saveUpload(dir, { file: path, baseUrl: 'http://x/v1', partSize: KiB });
  const { run, events, clock } = fileRun(dir, api);
  const journal = await savedIn(dir).create({
    ...header,
    uploadId: 'upload_1',
    createdAtMs: CREATED_AT * 1000,
  });
  onTestFinished(() => journal.close());
  const parts = new Map<number, string>();
  for (const number of [1, 2, 3]) {
    const digest = await crcOf(path, { offset: (number - 1) * KiB, size: KiB });
    parts.set(number, digest);
    await journal.checkpoint({ number, id: `part_${number}` as PartId, size: KiB, digest });
  }
  const source = await run.openSource(path);
  onTestFinished(() => source.close());
  return {
    journal,
    events,
    clock,
    run: () => complete({ journal, source, digest: { md5: undefined, parts }, isFinal: () => false }, run, never),
  };
}
