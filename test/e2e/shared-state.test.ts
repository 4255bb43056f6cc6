import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BIN, type LiveCli, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { figures, reduced, TORTURE } from '../support/torture.ts';

// Two machines with one state folder, as on a cluster with one home: each has a host's name of its own, and the sockets
// of the one mean nothing to the other.

const PARTS = 4;
const PART = 64 * KiB;
const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '1'];

const mayRename = process.platform === 'linux' && spawnSync('unshare', ['-u', 'true']).status === 0;

// Only root may give a process a host's name of its own.
describe.skipIf(!mayRename)('16.16: two machines that share a state folder', { timeout: 900_000 }, () => {
  it('upload a file once: one goes on, the other exits 11 and says who it is', async () => {
    const races = reduced(2, 100);
    for (let race = 0; race < races; race += 1) {
      const { box, server, md5 } = await scene();
      const runs = ['node1', 'node2'].map(host => on(host, box, server));
      const first = await Promise.race(runs.map(async (run, index) => ({ ...(await run.ended), index })));
      expect(first.exitCode, first.stderr).toBe(11);
      expect(first.stderr).toContain(`on node${2 - first.index}, since`);
      expect(server.requests('create').length).toBeLessThanOrEqual(1);
      await server.restart();
      const last = await (runs[1 - first.index] as LiveCli).ended;
      expect(last.exitCode, last.stderr).toBe(0);
      expect((await server.files()).length).toBe(1);
      expect(await server.md5(last.stdout.trim())).toBe(md5);
      expect(await box.leftovers()).toEqual([]);
    }
    figures(`machines with one state folder: ${races} races, ${races} Files, ${races} refused with exit code 11`);
  });

  it.runIf(TORTURE)('take over from one that was killed, after a minute, and send what is missing', async () => {
    const { box, server, md5 } = await scene();
    const killed = on('node1', box, server);
    await killed.event('part.finished', 1);
    killed.kill('SIGKILL');
    await killed.ended;
    await server.restart();
    const startedAtMs = performance.now();
    const next = await on('node2', box, server).ended;
    expect(next.exitCode, next.stderr).toBe(0);
    expect(performance.now() - startedAtMs).toBeGreaterThan(60_000);
    expect(server.requests('create')).toHaveLength(1);
    expect(server.acceptedParts().length).toBe(PARTS);
    expect(await server.md5(next.stdout.trim())).toBe(md5);
  });
});

/** A server that takes a minute for a part in the middle until it is started again. */
async function scene() {
  const box = await sandbox();
  const server = await testServer({ faults: [{ endpoint: 'part', part: 2, do: 'slow', bytesPerSecond: KiB }] });
  return { box, server, md5: await md5OfFile(await randomFile(box.path('f.bin'), PARTS * PART)) };
}

const on = (host: string, box: Sandbox, { env }: TestServer): LiveCli =>
  startProcess(
    'unshare',
    ['-u', 'sh', '-c', 'hostname "$0" && exec "$@"', host, process.execPath, BIN, ...push, '--progress=json'],
    { cwd: box.work, env: { ...box.env, ...env } },
  );
