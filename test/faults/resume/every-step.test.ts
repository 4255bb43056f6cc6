import { mkdir, readFile, rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { eachOf, figures, TORTURE } from '../../support/torture.ts';
import { inside, interruptedAt, pushArgs } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 5;
const killAt = ['--import', fileURLToPath(new URL('../../support/kill-at.mjs', import.meta.url))];

type Begin = (scene: Scene) => Promise<unknown>;
const nothing: Begin = async () => {};
const half: Begin = ({ box, server, args }) => interruptedAt(box, server, args, 'part.finished', 2);

describe('killed at every step that changes state', () => {
  it('of a fresh upload', () => everyStep('a fresh upload', 1, nothing, TORTURE ? 1 : 18));
  it('of a resumed one', () => everyStep('a resumed upload', 1, half, TORTURE ? 1 : 24));
  it('of one with four parts at once', () => everyStep('four parts at once', 4, nothing, TORTURE ? 1 : 30));
  it('of a moved file', () =>
    everyStep(
      'a moved file',
      1,
      async scene => {
        await half(scene);
        await moveFile(scene);
      },
      TORTURE ? 1 : 30,
    ));
});

/** Kills at boundaries 1, 1 + stride, … until one is behind the end; around `complete` at each. */
async function everyStep(what: string, concurrency: number, begin: Begin, stride: number): Promise<void> {
  const steps = await stepsOf(concurrency, begin);
  const chosen = steps.flatMap((step, index) =>
    index % stride === 0 || /complet|stdout/.test(step) ? [index + 1] : [],
  );
  const tally = { killed: 0, ranThrough: 0, resent: 0 };
  await eachOf(chosen, 3, async k => {
    const scene = await prepare(concurrency);
    const { box, server, args, md5 } = scene;
    await begin(scene);
    const first = await box.run(scene.args, { env: { ...server.env, KILL_AT: String(k) }, nodeArgs: killAt });
    if (first.signal === 'SIGKILL') tally.killed += 1;
    else tally.ranThrough += 1;
    const told = first.results().find(({ status }) => status === 'completed')?.['file_id'];
    // Once its result was written and its journal is gone, the run had ended: nothing is left to be run again.
    const isOver = told !== undefined && (await box.journals()).length === 0;
    const last = isOver ? undefined : await inside(box, server, scene.args);
    if (last) expect(last.exitCode, `killed at ${steps[k - 1]}\n${last.stderr}`).toBe(0);
    const id = last ? last.results()[0]?.['file_id'] : told;
    if (told !== undefined) expect(id).toBe(told);
    const files = await server.files();
    expect(
      files.map(file => file['id']),
      `killed at ${steps[k - 1]}, ${args[1]}`,
    ).toEqual([id]);
    expect(await server.md5(id)).toBe(md5);
    const resent = server.acceptedParts().length - PARTS;
    expect(resent, steps[k - 1]).toBeLessThanOrEqual(concurrency);
    tally.resent = Math.max(tally.resent, resent);
    if (!last) return;
    // A lock of a dead process may lie there until somebody wants it, or cleans up.
    expect((await inside(box, server, ['clean'])).exitCode).toBe(0);
    expect(await box.leftovers()).toEqual([]);
  });
  figures(
    `every step of ${what}: ${steps.length} boundaries, killed at ${tally.killed} of them, ${tally.ranThrough} ran through, 0 wrong, re-sent at most ${tally.resent} parts`,
  );
}

/** The boundaries of a run that is not killed. */
async function stepsOf(concurrency: number, begin: Begin): Promise<readonly string[]> {
  const scene = await prepare(concurrency);
  const { box, server } = scene;
  await begin(scene);
  const stepsTo = box.path('steps');
  const run = await box.run(scene.args, { env: { ...server.env, STEPS_TO: stepsTo }, nodeArgs: killAt });
  expect(run.exitCode, run.stderr).toBe(0);
  return (await readFile(stepsTo, 'utf8')).trim().split('\n');
}

type Scene = { readonly box: Sandbox; readonly server: TestServer; args: readonly string[]; readonly md5: string };

async function prepare(concurrency: number): Promise<Scene> {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS - 7);
  return { box, server, args: pushArgs(path, PART, concurrency), md5: await md5OfFile(path) };
}

async function moveFile(scene: Scene): Promise<void> {
  await mkdir(scene.box.path('moved'));
  await rename(scene.box.path('f.bin'), scene.box.path('moved/f.bin'));
  scene.args = scene.args.map(word => (word === scene.box.path('f.bin') ? scene.box.path('moved/f.bin') : word));
}
