import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  renameSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { readInline } from '../../../src/io/read/file-reader.ts';
import { openFileSource } from '../../../src/io/source/file-source.ts';
import { type Sandbox, sandbox } from '../../support/cli.ts';
import { eventually } from '../../support/eventually.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../../support/files.ts';
import type { InsideResult } from '../../support/inside.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { figures } from '../../support/torture.ts';
import { atEvent, expectOneFile, inside, interruptedAt, pushArgs, resultOf } from './scene.ts';

const PART = 512 * KiB;
const PARTS = 6;
const FINISHED = 3;

type Change = { readonly name: string; readonly kind: 'content' | 'deleted' | 'nothing'; apply(path: string): void };

const editAt = (path: string, position: number): void => {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from('edited!'), 0, 7, position);
  closeSync(file);
};
const replaceBy = (path: string, prepare: (other: string) => void): void => {
  copyFileSync(path, `${path}.other`);
  editAt(`${path}.other`, PART + 10);
  prepare(`${path}.other`);
  renameSync(`${path}.other`, path);
};
const changes: readonly Change[] = [
  { name: 'append', kind: 'content', apply: path => appendFileSync(path, 'more') },
  { name: 'truncate', kind: 'content', apply: path => truncateSync(path, PART * PARTS - 1) },
  { name: 'truncate to half', kind: 'content', apply: path => truncateSync(path, (PART * PARTS) / 2) },
  { name: 'edit at the start', kind: 'content', apply: path => editAt(path, 0) },
  { name: 'edit in part 2', kind: 'content', apply: path => editAt(path, PART + 100) },
  { name: 'edit at the end', kind: 'content', apply: path => editAt(path, PART * PARTS - 7) },
  {
    name: 'edit with mtime put back',
    kind: 'content',
    apply: path => {
      const { atime, mtime } = statSync(path);
      editAt(path, PART + 100);
      utimesSync(path, atime, mtime);
    },
  },
  { name: 'replace by rename', kind: 'content', apply: path => replaceBy(path, () => {}) },
  {
    name: 'replace by an older file',
    kind: 'content',
    apply: path => replaceBy(path, other => utimesSync(other, 1_000_000, 1_000_000)),
  },
  { name: 'delete', kind: 'deleted', apply: path => unlinkSync(path) },
  { name: 'touch', kind: 'nothing', apply: path => utimesSync(path, new Date(), new Date()) },
];

let [noticed, unnoticed, falseAlarms] = [0, 0, 0];
afterAll(() => figures(`changed files: ${noticed} changes noticed, ${unnoticed} not, ${falseAlarms} false alarms`));

describe('between runs', () => {
  it.each(changes)('$name', async ({ kind, apply }) => {
    const { box, server, path, args } = await scene();
    const first = await interruptedAt(box, server, args, 'part.finished', FINISHED);
    expect(first.exitCode, first.stderr).toBe(130);
    apply(path);
    const run = await inside(box, server, args);
    if (kind === 'deleted') return expectNoFile(run, server);
    expect(run.exitCode, run.stderr).toBe(0);
    await expectFile(run, server, path);
    const { parts } = resultOf(run);
    if (kind === 'nothing') {
      expect(parts).toMatchObject({ resumed: FINISHED, sent: PARTS - FINISHED, changed: 0 });
      expect(server.acceptedParts()).toHaveLength(PARTS);
    }
    noticed += 1;
  });
});

const moments: Readonly<Record<string, (scene: Scene, act: () => void) => Promise<InsideResult>>> = {
  'while a part is sent': async ({ box, server, path, args }, act) => {
    await using _hook = await beforeRead(path, PART * 2 + 1, act);
    return await inside(box, server, args);
  },
  'between parts': ({ box, server, args }, act) =>
    inside(box, server, args, { onEvent: atEvent('part.finished', 2, act) }),
  'just before complete': ({ box, server, args }, act) =>
    inside(box, server, args, { onEvent: atEvent('part.finished', PARTS, act) }),
};

describe.each(Object.entries(moments))('%s', (_name, runWith) => {
  it.each(changes)('$name', async ({ kind, apply }) => {
    const here = await scene();
    const { box, server, path, args } = here;
    let applied = 0;
    const run = await runWith(here, () => {
      applied += 1;
      apply(path);
    });
    expect(applied).toBe(1);
    if (kind === 'nothing') {
      expect(run.exitCode, run.stderr).toBe(0);
      expect(server.acceptedParts()).toHaveLength(PARTS);
      await expectFile(run, server, path);
      noticed += 1;
      return;
    }
    await expectNoFile(run, server);
    if (kind === 'deleted') return;
    const again = await inside(box, server, args);
    expect(again.exitCode, again.stderr).toBe(0);
    await expectFile(again, server, path);
  });
});

it('without an md5, between parts and just before complete, by its times', async () => {
  const scenes = await Promise.all(
    [2, PARTS].flatMap(nth => changes.map(async change => ({ nth, change, ...(await scene()) }))),
  );
  await Promise.all(scenes.map(({ path }) => atRest(path)));
  for (const { nth, change, box, server, path, args } of scenes) {
    const onEvent = atEvent('part.finished', nth, () => change.apply(path));
    const run = await inside(box, server, [...args, '--no-md5'], { onEvent });
    // What was not sent yet may change: then the File has the bytes that are on disk now.
    const mayComplete = change.kind === 'nothing' || (nth < PARTS && run.exitCode === 0);
    if (!mayComplete) await expectNoFile(run, server);
    else {
      expect(run.exitCode, run.stderr).toBe(0);
      expect(await expectOneFile(server, await md5OfFile(path))).toBe(resultOf(run)['file_id']);
      noticed += 1;
    }
    // Read a second time only where the times moved.
    expect(run.events().filter(({ type }) => type === 'digest.progress')).toEqual([]);
  }
});

it('costs one part to edit a large file between runs', async () => {
  const box = await sandbox();
  // The last part waits, so that the run is killed before it completes.
  const server = await testServer({ faults: [{ endpoint: 'part', part: 10, attempt: 1, do: 'stall' }] });
  const path = await randomFile(box.path('large.bin'), 40 * MiB);
  const args = pushArgs(path, '4MiB', 4);
  const first = box.start(args, server);
  await first.event('part.finished', 9);
  first.kill('SIGKILL');
  await first.ended;
  const before = server.acceptedParts();
  editAt(path, 10);
  const run = await box.run(args, server);
  expect(run.exitCode, run.stderr).toBe(0);
  const result = run.results()[0];
  expect(result?.['parts']).toMatchObject({ total: 10, changed: 1 });
  expect(result?.['parts'].sent).toBeLessThanOrEqual(2);
  expect(server.acceptedParts().length - before.length).toBe(result?.['parts'].sent);
  expect(await server.md5(result?.['file_id'])).toBe(await md5OfFile(path));
  figures(`edited large file: ${result?.['parts'].changed} part of ${result?.['parts'].total} sent anew`);
});

type Scene = {
  readonly box: Sandbox;
  readonly server: TestServer;
  readonly path: string;
  readonly args: readonly string[];
};

/** Its times are so old that any change moves them, on any file system. */
const atRest = (path: string): Promise<boolean> =>
  eventually('the file is at rest', async () => {
    const source = await openFileSource(path, readInline);
    await source.close();
    return source.isAtRest;
  });

async function scene(): Promise<Scene> {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS);
  return { box, server, path, args: pushArgs(path, PART) };
}

async function expectFile(run: InsideResult, server: TestServer, path: string): Promise<void> {
  expect(await server.files()).toHaveLength(1);
  const md5 = await md5OfFile(path);
  const same = (await server.md5(resultOf(run)['file_id'])) === md5;
  if (!same) unnoticed += 1;
  expect(same).toBe(true);
  expect(resultOf(run)['md5']).toBe(md5);
}

async function expectNoFile(run: InsideResult, server: TestServer): Promise<void> {
  const files = await server.files();
  if (files.length > 0) unnoticed += 1;
  expect(files).toEqual([]);
  if (run.exitCode !== 3) falseAlarms += run.exitCode === 0 ? 0 : 1;
  expect(run.exitCode, run.stderr).toBe(3);
  expect(resultOf(run)).toMatchObject({ status: 'failed', file_id: null, error: { code: 'SOURCE' } });
  noticed += 1;
}

/** Calls `act` before the first read at or behind a position, of parts only: the pass reads without a FileHandle. */
async function beforeRead(path: string, position: number, act: () => void): Promise<AsyncDisposable> {
  const probe = await open(path);
  const prototype = Object.getPrototypeOf(probe);
  await probe.close();
  const { read } = prototype;
  let armed = true;
  prototype.read = function (this: unknown, ...args: [Buffer, number, number, number]) {
    if (armed && args[3] >= position) {
      armed = false;
      act();
    }
    return read.apply(this, args);
  };
  return {
    [Symbol.asyncDispose]: async () => {
      prototype.read = read;
    },
  };
}
