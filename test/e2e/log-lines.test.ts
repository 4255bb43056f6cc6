import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/faults/fault.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { type CliResult, linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, MiB, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';

/** Seconds that a fault holds a run: longer than it may be silent, and than two lines are apart. */
const HELD_S = 31;

type Scene = {
  readonly name: string;
  readonly script?: string;
  readonly bytes?: number;
  readonly server: Partial<ServerOptions>;
  /** What must be among the lines. */
  readonly says: RegExp;
};

const PUSH = 'oai-upload push f --purpose user_data --part-size 1MiB --concurrency 2';

const held = (endpoint: Fault['endpoint'], fault: Partial<Fault>): Partial<ServerOptions> => ({
  faults: [{ endpoint, attempt: 1, do: 'slow', ...fault }],
});

/** Everything that may take long without a byte that moves, and a line that is shaped to a minute. */
const SCENES: readonly Scene[] = [
  {
    // More than the buffers of a loopback connection hold, so that there is something to see between the answers.
    name: 'a slow line',
    script: 'oai-upload push f --purpose user_data --part-size 8MiB --concurrency 2',
    bytes: 48 * MiB,
    server: { bytesPerSecond: 400 * KiB },
    says: / left, 2 in flight/,
  },
  { name: 'a slow create', server: held('create', { delayMs: HELD_S * 1000 }), says: /: creating the upload/ },
  { name: 'a slow complete', server: held('complete', { delayMs: HELD_S * 1000 }), says: /: server is completing, \d/ },
  {
    name: 'a gate',
    server: held('part', { part: 2, do: 'status', status: 429, headers: { 'retry-after': `${HELD_S}` } }),
    says: /, waiting \d+ s, as the server asked/,
  },
  {
    name: 'a server that stalls',
    script: `${PUSH} --stall-timeout ${HELD_S}s`,
    server: held('part', { part: 2, do: 'stall' }),
    says: /, waiting for the server, \d+ s/,
  },
  {
    name: 'a file that is processed',
    script: `${PUSH} --wait`,
    server: { processing: { ms: HELD_S * 1000 } },
    says: /: server is processing the file, \d/,
  },
  {
    name: 'a pipe that is silent',
    script: `(sleep ${HELD_S}; cat f) | oai-upload push - --filename f --purpose user_data`,
    server: {},
    says: /: reading stdin, 0 B/,
  },
  {
    name: 'another run of the file',
    script: `${PUSH} -q >other & until [ -n "$(ls ../state/oai-upload/uploads)" ]; do :; done 2>none; ${PUSH} --lock-wait 5m; wait`,
    server: held('complete', { delayMs: HELD_S * 1000 }),
    says: /: waiting for another run of this file, \d/,
  },
];

// They run at the same time: each takes half a minute or a whole one, and hardly a core.
it('a log has a line every ten seconds, whatever takes long, and nothing that is meant for a terminal', async () => {
  const logs = await Promise.all(SCENES.map(logOf));
  expect(logs.flatMap(complaints)).toEqual([]);
});

type Log = { readonly scene: Scene; readonly result: CliResult; readonly startedAtMs: number } & {
  readonly endedAtMs: number;
  readonly pieces: readonly { readonly atMs: number; readonly text: string }[];
};

async function logOf(scene: Scene): Promise<Log> {
  const [box, server] = await Promise.all([boxWithFile(scene.bytes ?? 4 * MiB), testServer(scene.server)]);
  const pieces: { atMs: number; text: string }[] = [];
  const onStderr = (text: string): void => void pieces.push({ atMs: performance.now(), text });
  const startedAtMs = performance.now();
  const result = await shell(scene.script ?? PUSH, box, { env: server.env, onStderr });
  return { scene, result, startedAtMs, endedAtMs: performance.now(), pieces };
}

async function boxWithFile(bytes: number): Promise<Sandbox> {
  const box = await sandbox();
  await randomFile(box.path('f'), bytes);
  return box;
}

const LONGEST_SILENCE_MS = 15_000;
const SHORTEST_GAP_MS = 10_000;
/**
 * Between two lines of progress one of which was read late. Silence needs no such slack: a line is due every ten
 * seconds, and a machine may take five more.
 */
const NOISE_MS = 2000;
const LONG_MS = 30_000;

/** A line that tells how far it is; the others tell of the start, of the end, or why something is done again. */
const PROGRESS = /^(f|-): (\d+%|starting|creating|reading|hashing|server is|waiting for another run of this file, )/;

function complaints({ scene: { name, says }, result, startedAtMs, endedAtMs, pieces }: Log): readonly string[] {
  const times = pieces.map(({ atMs }) => atMs);
  const silence = Math.max(...gaps([startedAtMs, ...times, endedAtMs]));
  const progress = pieces.filter(({ text }) => linesOf(text).some(line => PROGRESS.test(line)));
  const closest = Math.min(...gaps(progress.map(({ atMs }) => atMs)));
  const wrong: Readonly<Record<string, boolean>> = {
    [`it ended with ${result.exitCode}`]: result.exitCode !== 0,
    'it was over too soon to tell': endedAtMs - startedAtMs < LONG_MS,
    [`it was silent for ${Math.round(silence)} ms`]: silence > LONGEST_SILENCE_MS,
    [`two lines of progress were ${Math.round(closest)} ms apart`]: closest < SHORTEST_GAP_MS - NOISE_MS,
    [`it did not say ${says}`]: !says.test(result.stderr),
    'it warned without a reason': result.stderr.includes('warning: '),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    'there is something for a terminal in it': /[\r\u001b]/.test(result.stdout + result.stderr),
  };
  return Object.keys(wrong)
    .filter(complaint => wrong[complaint])
    .map(complaint => `${name}: ${complaint}\n${result.stderr}`);
}

const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs));
