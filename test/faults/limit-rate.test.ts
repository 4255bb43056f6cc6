import { expect, it } from 'vitest';
import { md5OfFile, randomFile } from '../support/files.ts';
import { figures } from '../support/torture.ts';
import { place, pushArgs, resultOf } from './scene.ts';

const SECONDS = 10;

it.each([
  { bytesPerSecond: 200_000, flag: '200KB/s' },
  { bytesPerSecond: 8_000_000, flag: '8MB/s' },
])('--limit-rate $flag holds over a real line for ten seconds', async ({ bytesPerSecond, flag }) => {
  const here = await place([]);
  const path = await randomFile(here.box.path('f.bin'), SECONDS * bytesPerSecond);
  const args = pushArgs(path, (SECONDS * bytesPerSecond) / 20, '--concurrency', '4', '--limit-rate', flag);
  const ended = await here.box.run(args, here.server);
  expect(ended.exitCode, ended.stderr).toBe(0);
  const ms = sendingMs(ended.events());
  const share = (SECONDS * 1000) / ms;
  figures(
    `--limit-rate ${flag} over a real line: ${(share * 100).toFixed(1)} % of it over ${(ms / 1000).toFixed(1)} s`,
  );
  // A busy machine may be slower, never faster.
  expect(share).toBeLessThan(1.05);
  expect(await here.server.md5(resultOf(ended)?.['file_id'])).toBe(await md5OfFile(path));
});

/** From the first part's start to the last one's acceptance. */
function sendingMs(events: readonly { readonly [name: string]: unknown }[]): number {
  const at = (type: string) =>
    events.filter(event => event['type'] === type).map(event => Date.parse(event['at'] as string));
  return Math.max(...at('part.accepted')) - Math.min(...at('part.started'));
}
