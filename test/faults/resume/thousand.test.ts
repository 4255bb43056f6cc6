import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { CliResult, LiveCli } from '../../support/cli.ts';
import { sandbox } from '../../support/cli.ts';
import { KiB } from '../../support/files.ts';
import { saveUpload } from '../../support/saved.ts';
import { testServer } from '../../support/server.ts';
import { eachOf, figures, reduced, TORTURE } from '../../support/torture.ts';

const COUNT = reduced(200, 1000);
const PART = KiB;

describe(`with ${COUNT} saved uploads`, () => {
  it('list, show and cancel --all', async () => {
    const { box, server } = await thousand();
    const list = await timed('list', () => box.start(['list'], server));
    expect(list.stdout.trim().split('\n').length).toBeGreaterThanOrEqual(COUNT);
    const json = await timed('list --json', () => box.start(['list', '--json'], server));
    expect(json.results()).toHaveLength(COUNT);
    const show = await timed('show', () => box.start(['show', box.path('f-7.bin'), '--json'], server));
    expect(show.results()[0]).toMatchObject({ upload_id: 'upload_7', parts: { total: 2, done: 1 } });
    const cancel = await timed('cancel --all', () => box.start(['cancel', '--all', '--json'], server));
    // The server has none of them.
    expect(cancel.exitCode, cancel.stderr.slice(-500)).toBe(0);
    expect(cancel.results()).toHaveLength(COUNT);
    expect(await box.leftovers()).toEqual([]);
  });

  it('clean', async () => {
    const { box, server } = await thousand({ expiresAtMs: Date.now() - 1000 });
    const clean = await timed('clean', () => box.start(['clean', '--json'], server));
    expect(clean.results()).toEqual([{ forgotten: COUNT, locks: 0, spools: 0 }]);
    expect(await box.leftovers()).toEqual([]);
  });

  it('resume --all of completed ones', async () => {
    const file = { id: 'file-x', object: 'file', bytes: 2 * PART } as const;
    const { box, server } = await thousand({
      finished: { 1: 'part_1', 2: 'part_2' },
      completed: file,
    });
    const resume = await timed('resume --all (already complete)', () => box.start(['resume', '--all'], server));
    expect(resume.exitCode, resume.stderr.slice(-500)).toBe(0);
    expect(resume.stdout.trim().split('\n')).toHaveLength(COUNT);
    expect(server.logs).toEqual([]);
    expect(await box.leftovers()).toEqual([]);
  });

  it.runIf(TORTURE)('resume --all that uploads them', async () => {
    const { box, server } = await thousand();
    const { exitCode, stdout } = await timed('resume --all (gone at the server, 4 requests each)', () =>
      box.start(['resume', '--all'], server),
    );
    expect(exitCode).toBe(0);
    expect(new Set(stdout.trim().split('\n')).size).toBe(COUNT);
  });
});

async function timed(what: string, start: () => LiveCli): Promise<CliResult> {
  const startedAtMs = performance.now();
  const sinceStart = () => Math.round(performance.now() - startedAtMs);
  const run = start();
  await run.line();
  const firstMs = sinceStart();
  const result = await run.ended;
  figures(`1,000 saved: ${what}: first answer after ${firstMs} ms, all after ${sinceStart()} ms`);
  return result;
}

async function thousand(more: object = {}) {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await eachOf(Array.from({ length: COUNT }), 16, async (_, number) => {
    const file = box.path(`f-${number}.bin`);
    await writeFile(file, Buffer.alloc(2 * PART, `${number} `));
    await saveUpload(box.stateDir, {
      file,
      baseUrl: server.url,
      partSize: PART,
      uploadId: `upload_${number}`,
      finished: { 1: `part_${number}` },
      ...more,
    });
  });
  return { box, server };
}
