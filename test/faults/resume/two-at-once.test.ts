import { expect, it } from 'vitest';
import type { Fault } from '../../../src/server/server.ts';
import { sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { testServer } from '../../support/server.ts';
import { figures, reduced } from '../../support/torture.ts';
import { inside, pushArgs } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 4;

it('lets one of many upload a file, and tells the others who it is', async () => {
  const count = reduced(20, 50);
  const { box, server, args, md5 } = await scene(stalled);
  const runs = Array.from({ length: count }, () => box.start(args, server));
  // The one stalls until all others have left.
  const others = new Set<(typeof runs)[number]>();
  await new Promise<void>(resolve => {
    for (const run of runs)
      void run.ended.then(() => {
        others.add(run);
        if (others.size === count - 1) resolve();
      });
  });
  const holder = runs.find(run => !others.has(run));
  for (const run of others) {
    const { exitCode, results, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(11);
    expect(results()[0]).toMatchObject({ status: 'failed', error: { code: 'LOCKED', exit_code: 11 } });
    expect(results()[0]?.['error'].message).toContain(`process ${holder?.pid} on `);
  }
  // It may have been slower than all that found it there.
  await holder?.event('part.started');
  expect(server.requests('create')).toHaveLength(1);
  holder?.kill('SIGKILL');
  await holder?.ended;
  await server.restart();
  const startedAtMs = performance.now();
  const next = await box.run(args, server);
  const tookMs = Math.round(performance.now() - startedAtMs);
  expect(next.exitCode, next.stderr).toBe(0);
  expect(tookMs).toBeLessThan(2000 + 3000); // with the start of a process on a busy machine
  const files = await server.files();
  expect(files).toHaveLength(1);
  expect(await server.md5(files[0]?.['id'])).toBe(md5);
  expect(await box.leftovers()).toEqual([]);
  figures(
    `two at once: ${count} processes, 1 uploaded, ${count - 1} exited 11 and named it, 1 File; after kill -9 the next took over and was done in ${tookMs} ms`,
  );
});

it('exits 11 at once, and waits with --lock-wait', async () => {
  const { box, server, args, md5 } = await scene(stalled);
  const holder = box.start(args, server);
  await holder.event('part.started');
  const refused = await inside(box, server, args);
  expect(refused.exitCode).toBe(11);
  const waiting = inside(box, server, [...args, '--lock-wait', '10m']);
  expect(await Promise.race([waiting.then(() => 'waited'), holder.event('part.started', 2).then(() => 'waits')])).toBe(
    'waits',
  );
  holder.kill('SIGKILL');
  await holder.ended;
  await server.restart();
  const startedAtMs = performance.now();
  const run = await waiting;
  expect(run.exitCode, run.stderr).toBe(0);
  expect(performance.now() - startedAtMs).toBeLessThan(5000);
  const files = await server.files();
  expect(files).toHaveLength(1);
  expect(await server.md5(files[0]?.['id'])).toBe(md5);
});

it('waits with --lock-wait for one that completes, and then is a push of its own', async () => {
  const { box, server, args, md5 } = await scene();
  const locks = await holdWhile(box, server, args);
  const uploads = inside(box, server, [...args, '--lock-wait', '10m']);
  const skips = inside(box, server, [...args, '--lock-wait', '10m', '--skip-uploaded']);
  await locks.finish();
  for (const run of await Promise.all([uploads, skips])) {
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await server.md5(run.results()[0]?.['file_id'])).toBe(md5);
  }
  // The memory of the first was gone once its result was written; the ledger's was not.
  expect((await server.files()).length).toBeLessThanOrEqual(2);
});

it('uploads a file once for each purpose at the same time', async () => {
  const { box, server, args } = await scene();
  const other = args.map(word => (word === 'assistants' ? 'user_data' : word));
  const runs = await Promise.all([inside(box, server, args), inside(box, server, other)]);
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(await server.files()).toHaveLength(2);
});

const stalled: Fault = { endpoint: 'part', do: 'stall' };

/** A run that has the lock and waits at its first part until it may go on. */
async function holdWhile(
  box: Awaited<ReturnType<typeof sandbox>>,
  server: Awaited<ReturnType<typeof testServer>>,
  args: readonly string[],
) {
  await server.restart({ faults: [stalled] });
  const run = box.start([...args, '--stall-timeout', '10m'], server);
  await run.event('part.started');
  return {
    finish: async () => {
      await server.restart();
      const { exitCode, stderr } = await run.ended;
      expect(exitCode, stderr).toBe(0);
    },
  };
}

async function scene(...faults: readonly Fault[]) {
  const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS);
  return { box, server, args: pushArgs(path, PART, 2), md5: await md5OfFile(path) };
}
