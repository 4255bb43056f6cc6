import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { Locks } from '../../../src/core/ports.ts';
import { systemClock } from '../../../src/io/output/clock.ts';
import { removeDeadClaims, withClaims } from '../../../src/io/state/claims.ts';
import { createLocks } from '../../../src/io/state/lock.ts';
import { figures, reduced, seeded } from '../../support/torture.ts';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.ts';

// Machines that share a folder and nothing else: each has locks of its own, which here always succeed.

const never = new AbortController().signal;
const alone: Locks = { acquire: async () => async () => {} };

it('16.16: a claim that moves refuses another machine, which is told whose it is', async () => {
  const clock = createVirtualClock();
  const { machine, watching } = await shared();
  const release = await machine('a', clock).acquire('file', 0, never);
  const refused = machine('b', clock).acquire('file', 0, never);
  await expect(passing(clock, refused)).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining(`process ${process.pid} on `),
  });
  expect(watching).toHaveLength(1);
  await release();
});

it('16.16: a claim that stands still is taken over after a minute, not before', async () => {
  const [clock, stopped] = [createVirtualClock(), createVirtualClock()];
  const { machine, names } = await shared();
  await machine('a', stopped).acquire('file', 0, never);
  const startedMs = clock.monotonic();
  const release = await passing(clock, machine('b', clock).acquire('file', 0, never));
  expect(clock.monotonic() - startedMs).toBeGreaterThanOrEqual(60_000);
  await release();
  expect(await names()).toEqual([]);
});

it('16.16: what this machine left is dead, and taken over at once', async () => {
  const clock = createVirtualClock();
  const { machine, names, watching } = await shared();
  await machine('a', createVirtualClock()).acquire('file', 0, never);
  await (await machine('a', clock).acquire('file', 0, never))();
  expect(clock.monotonic()).toBe(createVirtualClock().monotonic());
  expect(watching).toEqual([]);
  expect(await names()).toEqual([]);
});

it('16.16: one that ends while it is watched was alive: it may have done the work', async () => {
  const [clock, stopped] = [createVirtualClock(), createVirtualClock()];
  const { machine, watching } = await shared();
  const release = await machine('a', stopped).acquire('file', 0, never);
  const refused = machine('b', clock).acquire('file', 0, never);
  refused.catch(() => {});
  while (watching.length === 0) await setTimeout(1);
  await release();
  await expect(passing(clock, refused)).rejects.toMatchObject({ code: 'LOCKED' });
});

it('16.16: waits for another machine as long as it may', async () => {
  const clock = createVirtualClock();
  const { machine } = await shared();
  const release = await machine('a', clock).acquire('file', 0, never);
  const startedMs = clock.monotonic();
  await expect(passing(clock, machine('b', clock).acquire('file', 30_000, never))).rejects.toMatchObject({
    code: 'LOCKED',
  });
  expect(clock.monotonic() - startedMs).toBeGreaterThanOrEqual(30_000);
  const waiting = machine('c', clock).acquire('file', 600_000, never);
  await clock.advance(1000);
  await release();
  await (await passing(clock, waiting))();
});

it('16.16: a minute in which the file system hangs takes no claim away', async () => {
  const [clock, stopped] = [createVirtualClock(), createVirtualClock()];
  const { machine, watching } = await shared();
  await machine('a', stopped).acquire('file', 0, never);
  const startedMs = clock.monotonic();
  const taken = machine('b', clock).acquire('file', 0, never);
  while (watching.length === 0) await setTimeout(1);
  // One look before, one after.
  await clock.advance(0);
  clock.jump(600_000);
  await (await passing(clock, taken))();
  expect(clock.monotonic() - startedMs).toBeGreaterThanOrEqual(600_000 + 50_000);
});

it('16.16: of many machines that come at once exactly one gets it', async () => {
  const rounds = reduced(3, 300);
  const random = seeded(16);
  let refused = 0;
  for (let round = 0; round < rounds; round += 1) {
    const clock = createVirtualClock();
    const { machine, names } = await shared();
    const many = Array.from({ length: 2 + random.below(6) }, (_, index) => machine(`m${index}`, clock));
    const outcomes = await passing(clock, Promise.allSettled(many.map(one => one.acquire('file', 0, never))));
    const winners = outcomes.filter(outcome => outcome.status === 'fulfilled');
    expect(winners, `${many.length} machines`).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'LOCKED', exitCode: 11 });
    }
    refused += outcomes.length - 1;
    await winners[0]?.value();
    expect(await names()).toEqual([]);
  }
  figures(`claims: ${rounds} races of machines, ${rounds} winners, ${refused} refused`);
});

it('16.16: goes on with the locks of this machine where the folder takes no files', async () => {
  const { folder } = await shared();
  await writeFile(join(folder, 'file'), '');
  const locks = withClaims(alone, { folder: join(folder, 'file', 'claims'), clock: createVirtualClock(), onWatching });
  await (await locks.acquire('file', 0, never))();
});

it('16.16: removes the claims of dead processes of this machine, of others only after a week, and nothing else', async () => {
  const { folder, machine, names } = await shared();
  const locks = await shared();
  await machine('here', createVirtualClock()).acquire('dead', 0, never);
  await machine('elsewhere', createVirtualClock()).acquire('theirs', 0, never);
  await writeFile(join(folder, 'notes'), 'mine');
  expect(await removeDeadClaims(folder, locks.folder, 'here')).toBe(1);
  expect(await names()).toHaveLength(3);
  const longAgo = new Date(Date.now() - 8 * 24 * 3_600_000);
  for (const name of await names()) await utimes(join(folder, name), longAgo, longAgo);
  expect(await removeDeadClaims(folder, locks.folder, 'here')).toBe(1);
  expect(await names()).toEqual(['notes']);
});

it('16.16: keeps the claim of a process of this machine that has its lock', async () => {
  const [{ folder, names }, locks] = [await shared(), await shared()];
  const held = createLocks(locks.folder, systemClock);
  const options = { folder, clock: createVirtualClock(), machine: 'here', onWatching };
  const release = await withClaims(held, options).acquire('file', 0, never);
  expect(await removeDeadClaims(folder, locks.folder, 'here')).toBe(0);
  expect(await names()).toHaveLength(2);
  await release();
  expect(await names()).toEqual([]);
});

const onWatching = (): void => {};

/** A folder, the machines that share it, and whom they watched. */
async function shared() {
  const folder = await mkdtemp(join(tmpdir(), 'oai-claims-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const watching: string[] = [];
  const machine = (name: string, clock: VirtualClock): Locks =>
    withClaims(alone, { folder, clock, machine: name, onWatching: who => watching.push(who) });
  return { folder, machine, watching, names: () => readdir(folder) };
}

/** Lets time pass, and the disk work in between, until `done` settles. */
async function passing<T>(clock: VirtualClock, done: Promise<T>): Promise<T> {
  let over = false;
  const watched = done.finally(() => {
    over = true;
  });
  watched.catch(() => {});
  for (; !over; await setTimeout(1)) await clock.advance(250);
  return watched;
}
