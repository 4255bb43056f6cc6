import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { UploadError } from '../../../src/core/errors/errors.ts';
import { systemClock } from '../../../src/io/output/clock.ts';
import { createLocks, removeStaleLocks } from '../../../src/io/state/lock.ts';
import { figures, reduced, seeded } from '../../support/torture.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

it('has exactly one holder among many who come at once', async () => {
  const rounds = reduced(20, 300);
  let refused = 0;
  for (let round = 0; round < rounds; round += 1) {
    const locks = createLocks(await folder(), systemClock);
    const contenders = 2 + (round % 30);
    const outcomes = await Promise.allSettled(Array.from({ length: contenders }, () => locks.acquire('a', 0, never)));
    const winners = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(winners, `${contenders} contenders`).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toMatchObject({ code: 'LOCKED', exitCode: 11 });
      expect((outcome.reason as UploadError).message).toContain(`process ${process.pid} on `);
      refused += 1;
    }
    await (winners[0] as PromiseFulfilledResult<() => Promise<void>>).value();
  }
  figures(`locks: ${rounds} rounds, ${rounds} winners, ${refused} refused and told by whom`);
});

it('is never held twice by those who come, wait and go', async () => {
  const locks = createLocks(await folder(), systemClock);
  const random = seeded(3);
  let [holders, held, most] = [0, 0, 0];
  const contender = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) {
      const release = await locks.acquire('a', 600_000, never);
      holders += 1;
      most = Math.max(most, holders);
      for (let ticks = random.below(4); ticks > 0; ticks -= 1) await setImmediate();
      held += 1;
      holders -= 1;
      await release();
    }
  };
  const count = reduced(8, 40);
  await Promise.all(Array.from({ length: count }, contender));
  expect(most).toBe(1);
  expect(held).toBe(4 * count);
});

it('16.9: leaves no folder among the temporary files, and is never held twice while others remove it', async () => {
  const tooLong = join(await folder(), 'a'.repeat(80));
  const temporary = await folder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  let [holders, most] = [0, 0];
  const run = async (): Promise<void> => {
    const locks = createLocks(tooLong, systemClock, error => expect.unreachable(String(error)));
    for (let turn = 0; turn < 4; turn += 1) {
      const release = await locks.acquire('a', 600_000, never);
      holders += 1;
      most = Math.max(most, holders);
      await setImmediate();
      expect(await readdir(temporary)).toHaveLength(1);
      holders -= 1;
      await release();
    }
  };
  await Promise.all(Array.from({ length: reduced(6, 20) }, run));
  expect(most).toBe(1);
  expect(await readdir(temporary)).toEqual([]);
});

it('keeps names apart', async () => {
  const locks = createLocks(await folder(), systemClock);
  const releases = await Promise.all(['a', 'b', 'c'].map(name => locks.acquire(name, 0, never)));
  for (const release of releases) await release();
});

it('holds one when another that it was taken beside is released', async () => {
  const home = await folder();
  const [locks, others] = [createLocks(home, systemClock), createLocks(home, systemClock)];
  const first = await locks.acquire('a', 0, never);
  const second = await locks.acquire('b', 0, never);
  await first();
  await (await others.acquire('a', 0, never))();
  await expect(others.acquire('b', 0, never)).rejects.toMatchObject({ code: 'LOCKED' });
  await (await locks.acquire('c', 0, never))();
  await second();
  await (await others.acquire('b', 0, never))();
  expect(await readdir(home)).toEqual([]);
});

it('leaves nothing behind', async () => {
  const home = await folder();
  const release = await createLocks(home, systemClock).acquire('a', 0, never);
  expect(await readdir(home)).toHaveLength(1);
  await release();
  expect(await readdir(home)).toEqual([]);
});

it('stops waiting when aborted', async () => {
  const locks = createLocks(await folder(), systemClock);
  const release = await locks.acquire('a', 0, never);
  const leaving = new AbortController();
  const waiting = locks.acquire('a', 600_000, leaving.signal);
  await setImmediate();
  leaving.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await release();
});

it('is taken over at once from a process that was killed', async () => {
  const home = await folder();
  await mkdir(home, { recursive: true });
  const locks = createLocks(home, systemClock);
  const release = await locks.acquire('a', 0, never);
  const name = (await readdir(home))[0] as string;
  await release();
  const dead = await deadSocket(join(home, name));
  const startedAtMs = performance.now();
  await (await locks.acquire('a', 0, never))();
  const tookMs = performance.now() - startedAtMs;
  expect(tookMs).toBeLessThan(2000);
  expect(await readdir(home)).toEqual([]);
  figures(`locks: taken over from a dead process (${dead}) in ${Math.round(tookMs)} ms`);
});

it('is released though somebody who asked never hangs up', async () => {
  const home = await folder();
  const release = await createLocks(home, systemClock).acquire('a', 0, never);
  const asker = connect({ path: join(home, (await readdir(home))[0] as string), allowHalfOpen: true });
  onTestFinished(() => void asker.destroy());
  await once(asker, 'data');
  await release();
});

it('says that a holder does not answer', async () => {
  const home = await folder();
  const locks = createLocks(home, systemClock);
  const release = await locks.acquire('a', 0, never);
  const name = (await readdir(home))[0] as string;
  await release();
  const silent = createServer(() => {}).listen(join(home, name));
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  await expect(locks.acquire('a', 0, never)).rejects.toMatchObject({ code: 'LOCKED' });
});

it('removes what dead processes left, and nothing else', async () => {
  const home = await folder();
  const locks = createLocks(home, systemClock);
  const release = await locks.acquire('a', 0, never);
  const ours = (await readdir(home))[0]?.slice(17, 21);
  await deadSocket(join(home, `aaaaaaaaaaaaaaaa.${ours}00000001`));
  await deadSocket(join(home, `.aaaaaaaaaaaaaaaa.${ours}00000002`));
  expect(await removeStaleLocks(home)).toBe(2);
  await expect(locks.acquire('a', 0, never)).rejects.toMatchObject({ code: 'LOCKED' });
  await release();
});

it('16.16: takes no socket of another machine for a dead one, until it is a week old', async () => {
  const home = await folder();
  const locks = createLocks(home, systemClock);
  const release = await locks.acquire('a', 0, never);
  const name = (await readdir(home))[0] as string;
  await release();
  const theirs = `${name.slice(0, 17)}${name.slice(17, 21) === '0000' ? '1111' : '0000'}${name.slice(21)}`;
  await deadSocket(join(home, theirs));
  await (await locks.acquire('a', 0, never))();
  expect(await removeStaleLocks(home)).toBe(0);
  expect(await readdir(home)).toEqual([theirs]);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  await utimes(join(home, theirs), longAgo, longAgo);
  expect(await removeStaleLocks(home)).toBe(1);
  expect(await readdir(home)).toEqual([]);
});

it('finds another folder where its own takes no sockets', async () => {
  const home = await folder();
  await writeFile(join(home, 'file'), '');
  const below = join(home, 'file', 'locks');
  const locks = createLocks(below, systemClock);
  const release = await locks.acquire('a', 0, never);
  await expect(createLocks(below, systemClock).acquire('a', 0, never)).rejects.toMatchObject({ code: 'LOCKED' });
  await release();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'oai-lock-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A socket whose process is gone. */
async function deadSocket(path: string): Promise<string> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  const child = spawn(process.execPath, ['-e', script]);
  await once(child, 'exit');
  return String(child.signalCode);
}

it('12.2: removes no file, folder, link or pipe, whatever its name', async () => {
  const home = await folder();
  await writeFile(join(home, 'notes.txt'), 'mine');
  await writeFile(join(home, `${'a'.repeat(16)}.${'b'.repeat(12)}`), 'mine');
  await mkdir(join(home, `${'a'.repeat(16)}.${'c'.repeat(12)}`));
  await deadSocket(join(home, 'database.sock'));
  const before = await readdir(home);
  expect(await removeStaleLocks(home)).toBe(0);
  expect(await readdir(home)).toEqual(before);
});

it('12.5: reads at most 4 KiB of a holder that answers without end', async () => {
  const home = await folder();
  const locks = createLocks(home, systemClock);
  const release = await locks.acquire('a', 0, never);
  const name = (await readdir(home))[0] as string;
  await release();
  let sent = 0;
  const endless = createServer(socket => {
    socket.on('error', () => {});
    const more = (): void => {
      for (let room = true; room && !socket.destroyed; sent += 1024) room = socket.write('x'.repeat(1024));
      socket.once('drain', more);
    };
    more();
  }).listen(join(home, name));
  await once(endless, 'listening');
  onTestFinished(() => void endless.close());
  await expect(locks.acquire('a', 0, never)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(sent).toBeLessThan(2 * 1024 ** 2);
});

it('12.4: goes on without a lock where none can be made, and says so once', async () => {
  const home = join(await folder(), 'x'.repeat(120));
  const temporary = await folder();
  const before = { TMPDIR: process.env['TMPDIR'], XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] };
  await writeFile(join(temporary, 'file'), '');
  process.env['TMPDIR'] = join(temporary, 'file');
  delete process.env['XDG_RUNTIME_DIR'];
  onTestFinished(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const said: unknown[] = [];
  const locks = createLocks(home, systemClock, error => said.push(error));
  for (const name of ['a', 'b']) await (await locks.acquire(name, 0, never))();
  expect(said).toHaveLength(1);
});
