import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/server.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../support/files.ts';
import { figures } from '../support/torture.ts';
import { trickle } from './lines.ts';
import { type Place, place, pushArgs, resultOf, run } from './scene.ts';

// Long enough that a busy machine is no stall.
const STALL_MS = 4000;
const STALL = ['--stall-timeout', '4s'] as const;

type Patience = {
  readonly name: string;
  readonly bytes?: number;
  readonly partSize?: number;
  readonly faults?: readonly Fault[];
  readonly bytesPerSecond?: number;
  readonly flags?: readonly string[];
  /** The run lasts longer than a stall timeout, and yet nothing is tried again. */
  readonly atLeastMs: number;
};

// Slow is not dead: not one of these may be tried again.
const slowLines: readonly Patience[] = [
  {
    name: 'a part is handed over at once and drains slowly',
    bytes: 2 * MiB,
    partSize: 2 * MiB,
    faults: [{ endpoint: 'part', do: 'slow', bytesPerSecond: 150_000 }],
    atLeastMs: 3 * STALL_MS,
  },
  {
    name: 'four connections drain slowly at once',
    bytes: 4 * MiB,
    partSize: MiB,
    bytesPerSecond: 100_000,
    flags: ['--concurrency', '4'],
    atLeastMs: 2 * STALL_MS,
  },
  {
    name: 'our own limit lets a byte through at a time',
    bytes: 90,
    partSize: 90,
    flags: ['--limit-rate', '10'],
    atLeastMs: 2 * STALL_MS,
  },
  {
    name: 'complete takes longer than the others may',
    // It may take twice as long: the rest is for a machine that is slow itself.
    faults: [{ endpoint: 'complete', do: 'slow', delayMs: 1.2 * STALL_MS }],
    atLeastMs: 1.2 * STALL_MS,
  },
];

it('27: a slow line is not a dead one', async () => {
  await Promise.all([...slowLines.map(goesOn), goesOnByteByByte()]);
});

async function goesOn(slow: Patience): Promise<void> {
  const { name, bytes = 64 * KiB, partSize = 64 * KiB, faults = [], bytesPerSecond, atLeastMs, flags = [] } = slow;
  const here = await place(faults, bytesPerSecond === undefined ? {} : { bytesPerSecond });
  const path = await randomFile(here.box.path('f.bin'), bytes);
  const { ms, retries, exitCode, stderr } = await timed(here, pushArgs(path, partSize, ...STALL, ...flags));
  figures(`slow line: ${name}: ${(ms / 1000).toFixed(1)} s, ${retries} retries, stall timeout 4 s`);
  expect(exitCode, stderr).toBe(0);
  expect(ms, name).toBeGreaterThan(atLeastMs);
  expect(retries, stderr).toBe(0);
  expect(await here.server.md5((await here.server.files())[0]?.['id'])).toBe(await md5OfFile(path));
}

async function goesOnByteByByte(): Promise<void> {
  const here = await place([]);
  const path = await randomFile(here.box.path('f.bin'), 64 * KiB);
  const line = await trickle(here.server.url, request => request.endsWith('/complete'), 35);
  const { ms, retries, exitCode, stderr } = await timed(here, pushArgs(path, 64 * KiB, ...STALL), line.url);
  line.close();
  figures(`slow line: an answer byte by byte: ${(ms / 1000).toFixed(1)} s, ${retries} retries, stall timeout 4 s`);
  expect(exitCode, stderr).toBe(0);
  expect(ms).toBeGreaterThan(5 * STALL_MS);
  expect(retries, stderr).toBe(0);
}

const deadLines: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly afterMs: number;
  readonly bytes?: number;
}[] = [
  {
    name: 'the server stops reading',
    fault: { endpoint: 'part', attempt: 1, do: 'stall', afterBytes: 64 * KiB },
    bytes: 3 * MiB,
    afterMs: STALL_MS,
  },
  {
    name: 'a part is never answered',
    fault: { endpoint: 'part', attempt: 1, do: 'stall' },
    afterMs: STALL_MS,
  },
  {
    name: 'create is never answered',
    fault: { endpoint: 'create', attempt: 1, do: 'stall' },
    afterMs: STALL_MS,
  },
  {
    name: 'complete is never answered, and has twice the patience',
    fault: { endpoint: 'complete', attempt: 1, do: 'stall' },
    afterMs: 2 * STALL_MS,
  },
];

it('27: a dead line is given up and tried again', async () => {
  await Promise.all(deadLines.map(isGivenUp));
});

async function isGivenUp({ fault, afterMs, name, bytes = 64 * KiB }: (typeof deadLines)[number]): Promise<void> {
  const here = await place([fault]);
  const path = await randomFile(here.box.path('f.bin'), bytes);
  const { ms, retries, exitCode, stderr } = await timed(here, pushArgs(path, bytes, ...STALL));
  figures(`dead line: ${name}: given up and done again in ${(ms / 1000).toFixed(1)} s`);
  expect(exitCode, stderr).toBe(0);
  expect(retries, name).toBe(1);
  expect(stderr).toContain('"reason":"stalled"');
  // A tick of a tenth may be due already.
  expect(ms, name).toBeGreaterThan(afterMs * 0.9);
}

// The body is larger than the kernel takes: the answer really comes while it is going out.
const earlyAnswers = [
  { status: 401, exit: 4, requests: 1 },
  { status: 413, exit: 6, requests: 1 },
  { status: 429, exit: 5, requests: 3 },
  { status: 503, exit: 5, requests: 3 },
].flatMap(row => [false, true].map(keepOpen => ({ ...row, keepOpen })));

it.each(earlyAnswers)('an early $status (kept open: $keepOpen) surfaces as itself, and stops the body', async row => {
  const { status, exit, requests, keepOpen } = row;
  const body = { error: { message: `early ${status}`, type: 'early', code: 'early' } };
  const here = await place([{ endpoint: 'part', do: 'early-status', status, afterBytes: 64 * KiB, keepOpen, body }], {
    bytesPerSecond: 4 * MiB,
  });
  const path = await randomFile(here.box.path('f.bin'), 32 * MiB);
  const ended = await here.box.run(pushArgs(path, 32 * MiB, '--retries', '2'), { env: here.server.env });
  expect(ended.exitCode, ended.stderr).toBe(exit);
  expect(resultOf(ended)?.['error']).toMatchObject({
    http_status: status,
    message: expect.stringContaining(`early ${status}`),
  });
  await here.server.restart();
  const parts = here.server.requests('part');
  expect(parts).toHaveLength(requests);
  for (const { bytesReceived } of parts) expect(bytesReceived).toBeLessThan(24 * MiB);
});

async function timed(here: Place, args: readonly string[], baseUrl?: string) {
  const startedAtMs = performance.now();
  const ended = await run(here, args, baseUrl);
  return {
    ms: performance.now() - startedAtMs,
    retries: resultOf(ended)?.['retries'] as number,
    exitCode: ended.exitCode,
    stderr: ended.stderr,
  };
}
