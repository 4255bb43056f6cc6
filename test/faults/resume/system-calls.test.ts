import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BIN, sandbox, startProcess } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { testServer } from '../../support/server.ts';
import { figures, TORTURE } from '../../support/torture.ts';
import { inside, pushArgs } from './scene.ts';

const STRACE = '/usr/bin/strace';
const PART = 16 * KiB;
const PARTS = 5;

/** Calls that change state, and how many of them are passed over between two kills. */
const calls = {
  mkdir: 1,
  bind: 1,
  listen: 1,
  rename: 1,
  unlink: 1,
  fsync: 1,
  fdatasync: 1,
  ftruncate: 1,
  connect: 1,
  write: 5,
  writev: 1,
};

it.runIf(TORTURE && existsSync(STRACE)).each(Object.entries(calls))('killed at every %s', async (call, stride) => {
  let kills = 0;
  for (let k = 1; ; k += stride) {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS - 7);
    const args = pushArgs(path, PART);
    // One thread for the file system, because strace counts the calls of each thread by itself.
    const env = { ...box.env, ...server.env, UV_THREADPOOL_SIZE: '1' };
    const inject = [
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:signal=KILL:when=${k}`,
    ];
    const killed = startProcess(STRACE, [...inject, process.execPath, BIN, ...args], { cwd: box.work, env });
    const first = await killed.ended;
    if (first.signal !== 'SIGKILL') {
      expect(first.exitCode, first.stderr).toBe(0);
      figures(`killed at every ${stride > 1 ? `${stride}th ` : ''}${call}: ${kills} kills, 0 wrong`);
      return;
    }
    kills += 1;
    const told = first.results()[0]?.['file_id'];
    const isOver = told !== undefined && (await box.journals()).length === 0;
    const last = isOver ? undefined : await inside(box, server, args);
    if (last) expect(last.exitCode, last.stderr).toBe(0);
    const id = last ? last.results()[0]?.['file_id'] : told;
    expect(
      (await server.files()).map(file => file['id']),
      `${call} ${k}`,
    ).toEqual([id]);
    expect(await server.md5(id)).toBe(await md5OfFile(path));
    expect(server.acceptedParts().length - PARTS).toBeLessThanOrEqual(1);
  }
});
