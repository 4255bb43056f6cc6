import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { CliResult } from '../support/cli.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../support/files.ts';
import { figures } from '../support/torture.ts';
import { deadEnd } from './lines.ts';
import { type Place, place, pushArgs, resultOf } from './scene.ts';

// A machine that sleeps, or wakes up in another network: nobody tells it that its connections are gone.

const STALL_MS = 1000;
const STALL = ['--stall-timeout', '1s'] as const;

it('goes on when the machine wakes up, with connections that still work', async () => {
  const { here, path, run } = await sending();
  await asleep(run, 3 * STALL_MS);
  await expectWhole('slept', here, path, await run.ended);
});

it('goes on when the machine wakes up and the server has hung up', async () => {
  const { here, path, line, run } = await sending();
  await asleep(run, 3 * STALL_MS, () => line.hangUp());
  await expectWhole('slept, hung up meanwhile', here, path, await run.ended);
});

it('goes on in another network, where its old connections are silent', async () => {
  const { here, path, line, run } = await sending();
  line.silence();
  await expectWhole('another network', here, path, await run.ended);
});

/** A push of which a part is there already, over a line that can be cut. */
async function sending() {
  const here = await place([], { bytesPerSecond: 2 * MiB });
  const path = await randomFile(here.box.path('f.bin'), 3 * MiB);
  const line = await deadEnd(here.server.url);
  const env = { ...here.server.env, OPENAI_BASE_URL: line.url };
  const run = here.box.start(pushArgs(path, 512 * KiB, ...STALL, '--concurrency', '4'), { env });
  await run.event('part.finished');
  return { here, path, line, run };
}

type Running = { kill(signal: NodeJS.Signals): void };

async function asleep(run: Running, ms: number, meanwhile: () => void = () => {}): Promise<void> {
  run.kill('SIGSTOP');
  meanwhile();
  await sleep(ms);
  run.kill('SIGCONT');
}

async function expectWhole(what: string, { server }: Place, path: string, ended: CliResult): Promise<void> {
  expect(ended.exitCode, ended.stderr).toBe(0);
  const files = await server.files();
  expect(files).toHaveLength(1);
  expect(await server.md5(files[0]?.['id'])).toBe(await md5OfFile(path));
  const { retries, duration_ms } = resultOf(ended) as { retries: number; duration_ms: number };
  figures(`moved machine: ${what}: done after ${(duration_ms / 1000).toFixed(1)} s, ${retries} retries`);
}
