import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiFile } from '../../../src/core/model/api.ts';
import type { UploadsApi } from '../../../src/core/ports.ts';
import { findEarlier } from '../../../src/transfer/complete/find-earlier.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { apiFile, failed, fileRun, inTurn, refused } from '../../support/ports.ts';
import { savedIn, saveUpload } from '../../support/saved.ts';

const SIZE = 3 * KiB;
const never = new AbortController().signal;

describe('12.9: before a start-over that may not be the first', () => {
  it('a File with our content is ours', async () => {
    const { find, events, file } = await scene();
    expect(await find()).toMatchObject({ file: file() });
    expect(events.at(-1)).toMatchObject({ type: 'upload.resumed', parts: 3, bytes: SIZE });
  });

  it('no byte is read where no File may be ours', async () => {
    for (const other of [{ filename: 'g.bin' }, { bytes: SIZE + 1 }, { purpose: 'batch' }, { created_at: 1 }]) {
      const { find, file } = await scene(own => ({ files: page(file0(own, other)), content: neverRead }));
      expect(await find()).toBeUndefined();
      expect(file()).toBeDefined();
    }
  });

  it('one with other content is not ours', async () => {
    const { find } = await scene(own => ({ files: page(own), content: otherBytes }));
    expect(await find()).toBeUndefined();
  });

  it('one that cannot be read is ours if it has the time of its Upload, and the file is as it was then', async () => {
    const unreadable = (own: ApiFile) => ({ files: page(own), content: refusedContent(400) });
    expect(await (await scene(unreadable)).find()).toMatchObject({ file: { id: 'file-1' } });
    const touched = await scene(unreadable);
    await utimes(touched.path, 1, 1);
    expect(await touched.find()).toBeUndefined();
    const changed = await scene(unreadable);
    await writeFile(changed.path, Buffer.alloc(SIZE, 'other'));
    expect(await changed.find()).toBeUndefined();
    const whole = await scene(unreadable, { 1: 'part_1', 2: 'part_2', 3: 'part_3' });
    await utimes(whole.path, 1, 1);
    expect(await whole.find()).toMatchObject({ file: { id: 'file-1' } });
    const later = await scene(own => unreadable(file0(own, { created_at: (own.created_at as number) + 1 })));
    expect(await later.find()).toBeUndefined();
  });

  it.each([
    401, 403, 404, 400,
  ])('a list that answers %i is no list: only a key that is wrong ends the run', async status => {
    const { find } = await scene(() => ({ files: inTurn<never>(refused('files', status)) }));
    if (status === 401) await expect(find()).rejects.toMatchObject({ failure: { status } });
    else expect(await find()).toBeUndefined();
  });

  it('where the server cannot be asked at the moment, nothing is started over', async () => {
    const down = failed({ endpoint: 'files', status: 503, retryable: false });
    const { find } = await scene(() => ({ files: inTurn<never>(down) }));
    await expect(find()).rejects.toBe(down);
    const broken = await scene(own => ({ files: page(own), content: refusedContent(503) }));
    await expect(broken.find()).rejects.toMatchObject({ failure: { status: 503 } });
  });
});

const page = (...data: readonly ApiFile[]) => inTurn({ data: [...data], has_more: false });
const file0 = (file: ApiFile, over: Partial<ApiFile>): ApiFile => ({ ...file, ...over });
const endingWith = (error: Error) =>
  async function* (): AsyncGenerator<Uint8Array> {
    yield* [];
    throw error;
  };
const refusedContent = (status: number) => endingWith(refused('content', status));
const neverRead = endingWith(new Error('it was read'));
async function* otherBytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(SIZE, 'x');
}

/** An upload of three parts, of which the first is known to be finished, and what the server tells. */
async function scene(
  api?: (own: ApiFile) => Partial<UploadsApi>,
  finished: Readonly<Record<number, string>> = { 1: 'part_1' },
) {
  const dir = await mkdtemp(join(tmpdir(), 'oai-earlier-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = await randomFile(join(dir, 'f.bin'), SIZE);
  const header = await saveUpload(dir, { file: path, baseUrl: 'http://x/v1', partSize: KiB, finished });
  const file = () =>
    apiFile({
      filename: 'f.bin',
      purpose: 'assistants',
      bytes: SIZE,
      created_at: Math.floor(header.createdAtMs / 1000),
    });
  const bytes = await readFile(path);
  const content = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  const { run, events } = fileRun(dir, api?.(file()) ?? { files: page(file()), content });
  const [saved] = await savedIn(dir).list();
  if (!saved) throw new Error('nothing is saved');
  const find = async () => {
    const source = await run.openSource(path);
    onTestFinished(() => source.close());
    return findEarlier(saved.manifest, source, run, never);
  };
  return { find, events, file, path };
}
