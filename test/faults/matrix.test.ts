import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Fault } from '../../src/server/server.ts';
import { KiB, MiB, md5OfFile, randomFile } from '../support/files.ts';
import type { InsideResult } from '../support/inside.ts';
import { saveUpload } from '../support/saved.ts';
import { eachOf, figures, TORTURE } from '../support/torture.ts';
import { fakeNames, nameFor, selfSigned, trickle } from './lines.ts';
import { ATTEMPTS, ENDPOINTS, type Endpoint, type Outcome, outcomeOf, RETRIES, WHEN, type When } from './outcomes.ts';
import { type Row, rows } from './rows.ts';
import { type Place, place, pushArgs, requestsBeforeRetryAfter, resultOf, run, startsBehindTheGate } from './scene.ts';

type Case = { readonly row: Row; readonly endpoint: Endpoint; readonly when: When; readonly expected: Outcome };
type File = { readonly path: string; readonly partSize: number; readonly md5: string };

/** Most of them sleep; more would starve those that measure a stall. */
const AT_ONCE = 24;
/** The part that the faults befall: one before it is done, one behind it is not. */
const PART = 2;

const cases: readonly Case[] = rows.flatMap((row, index) =>
  ENDPOINTS.flatMap((endpoint, column) =>
    WHEN.flatMap(when => {
      const expected = outcomeOf(row.expected, endpoint, when);
      const taken = TORTURE || when === inCi(row, endpoint, index + column);
      return expected && taken ? [{ row, endpoint, when, expected }] : [];
    }),
  ),
);

/** In CI every row meets every endpoint at one of its times, in turn; a `complete` that is never answered takes long. */
function inCi({ name, line }: Row, endpoint: Endpoint, place: number): When {
  if (line === 'tls' || line === 'trickle') return 'always';
  return name === 'stall' && endpoint === 'complete' ? 'first' : (WHEN[place % WHEN.length] as When);
}

it('ends every run under every fault as the contract says, and the same command then ends well', async () => {
  fakeNames();
  const seen = new Map<string, string>();
  const wrong: string[] = [];
  const startedAtMs = performance.now();
  const files = await sources();
  let requests = 0;
  const attempt = async (one: Case): Promise<void> => {
    const file = one.row.largeParts ? files.large : files.small;
    const problems = await tryCase(one, file, count => {
      requests += count;
    }).catch(error => [`threw ${error instanceof Error ? error.stack : error}`]);
    const label = `${one.row.name} × ${one.endpoint} × ${one.when}`;
    seen.set(label, problems.length === 0 ? cellOf(one.expected) : 'WRONG');
    wrong.push(...problems.map(problem => `${label}: ${problem}`));
  };
  // Those that wait for a stall take long, and come first.
  const waits = ({ row }: Case): number => (row.flags === undefined ? 1 : 0);
  await eachOf(
    [...cases].sort((a, b) => waits(a) - waits(b)),
    AT_ONCE,
    attempt,
  );
  print(seen);
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  figures(
    `fault matrix: ${rows.length} faults, ${cases.length} runs, ${requests} requests, ${cases.length - new Set(wrong.map(text => text.split(':')[0])).size} as expected, ${wrong.length} problems, ${seconds} s`,
  );
  expect(wrong).toEqual([]);
});

async function sources(): Promise<{ readonly small: File; readonly large: File }> {
  const { box } = await place([]);
  const file = async (name: string, partSize: number): Promise<File> => {
    const path = await randomFile(join(box.work, name), 3 * partSize);
    return { path, partSize, md5: await md5OfFile(path) };
  };
  return { small: await file('small.bin', 4 * KiB), large: await file('large.bin', 1 * MiB) };
}

/** What differs from the expectation. */
async function tryCase(one: Case, file: File, count: (requests: number) => void): Promise<readonly string[]> {
  const { row, endpoint, when, expected } = one;
  const here = await place(faultsOf(one));
  const line = await lineOf(one, here);
  const flags = ['--retries', String(RETRIES), ...(row.flags ?? [])];
  const problems: string[] = [];
  const must = (what: string, actual: unknown, wanted: unknown): void => {
    if (actual !== wanted) problems.push(`${what} is ${actual}, not ${wanted}`);
  };

  if (endpoint === 'cancel') await saveSomething(here, file, line.url);
  line.breakNow();
  const push = pushArgs(file.path, file.partSize, ...flags);
  const command = endpoint === 'cancel' ? ['cancel', '--all', ...flags] : push;
  const before = here.server.logs.length;
  const ended = await run(here, command, line.url);
  line.close();
  // An exchange is in the log when it is over: a stalled one when the server ends it.
  await here.server.restart();
  must('exit code', ended.exitCode, expected.exit);
  must(`requests to ${endpoint}`, askedOf(here.server, endpoint).length, expected.requests);
  const events = endpoint === 'cancel' ? [] : ended.events();
  must('requests before Retry-After', requestsBeforeRetryAfter(here.server.logs, events), 0);
  must('starts behind the gate', startsBehindTheGate(events).length, 0);
  count(here.server.logs.length - before);
  must('saved', await isSaved(here, ended, endpoint), expected.exit !== 0 && expected.saved);
  if (row.reason && when === 'always' && expected.exit !== 0 && expected.exit !== 9 && endpoint !== 'cancel')
    must('reason', resultOf(ended)?.['error']?.['reason'], row.reason);

  await expectFiles(here, file, expected.files, must);
  if (problems.length > 0) problems.push(ended.stderr.slice(-2000));
  if (row.line === 'tls' || problems.length > 0) return problems;
  if (expected.exit !== 0) {
    const again = await run(here, command, line.lasting);
    must('exit code of the same command again', again.exitCode, 0);
    await expectFiles(here, file, endpoint === 'cancel' ? 0 : 1, must);
    if (problems.length > 0) problems.push(again.stderr.slice(-2000));
  }
  must('left in the state folder', (await here.box.leftovers()).join(), '');
  await here.server.close();
  return problems;
}

const FILL: Omit<Fault, 'endpoint'> = { do: 'status', status: 429 };

/** The rows for the server: the fault, what comes before it, and what leads there. */
function faultsOf({ row, endpoint, when }: Case): readonly Fault[] {
  const which = { endpoint, ...(endpoint === 'part' && { part: PART }) };
  const fills = Array.from({ length: ATTEMPTS[endpoint] - 1 }, (_, index) => index + 1);
  const closing = row.line === 'dns' ? { headers: { connection: 'close' } } : {};
  const lead: readonly Fault[] =
    endpoint === 'cancel'
      ? [{ endpoint: 'part', part: PART, attempt: 1, do: 'status', status: 400 }]
      : endpoint === 'files'
        ? [{ endpoint: 'complete', attempt: 1, do: 'lose-reply' }]
        : [];
  if (row.line === 'trickle') return lead;
  const isLostAtOnce = row.line === 'dns' && (endpoint === 'create' || endpoint === 'cancel');
  const act = row.act(endpoint);
  if (when === 'last') return [...lead, { ...which, attempt: fills, ...FILL, ...closing }, { ...which, ...act }];
  if (isLostAtOnce) return lead;
  return [...lead, { ...which, ...(when === 'first' || row.line === 'dns' ? { attempt: 1 } : {}), ...act }];
}

type Line = {
  readonly url: string;
  /** A URL for the same command once all is well. */
  readonly lasting: string;
  breakNow(): void;
  close(): void;
};

async function lineOf({ row, endpoint, when }: Case, { server }: Place): Promise<Line> {
  const plain = { breakNow: () => {}, close: () => {} };
  if (row.line === 'tls') {
    const { url, close } = await selfSigned();
    return { ...plain, url, lasting: url, close };
  }
  if (row.line === 'trickle') {
    const { url, close } = await trickle(server.url, line => SLOW_LINES[endpoint].test(line), 10);
    return { ...plain, url, lasting: url, close };
  }
  if (row.line !== 'dns') return { ...plain, url: server.url, lasting: server.url };
  const { url, lose } = nameFor(server.url);
  const atOnce = endpoint === 'create' || endpoint === 'cancel';
  const after = when === 'last' ? ATTEMPTS[endpoint] - 1 : atOnce ? 0 : 1;
  let left = when === 'first' ? 1 : Number.POSITIVE_INFINITY;
  const isLost = (): boolean => askedOf(server, endpoint).length >= after && left-- > 0;
  return { url, lasting: url, breakNow: () => lose(isLost), close: () => lose(() => false) };
}

const SLOW_LINES: Readonly<Record<Endpoint, RegExp>> = {
  create: /uploads$/,
  part: /parts$/,
  complete: /complete$/,
  cancel: /cancel$/,
  files: /files\?/,
};

const askedOf = (server: Place['server'], endpoint: Endpoint) =>
  server.requests(endpoint).filter(({ part }) => endpoint !== 'part' || part === PART);

/** An upload with its first part, as a refused push leaves it; for a name without a certificate, one made up. */
async function saveSomething(here: Place, { path, partSize }: File, url: string): Promise<void> {
  if (url.startsWith('https:')) {
    await saveUpload(here.box.stateDir, { file: path, baseUrl: url, partSize, finished: { 1: 'part_1' } });
    return;
  }
  const { exitCode, stderr } = await run(here, pushArgs(path, partSize, '--retries', '0'), url);
  if (exitCode !== 6) throw new Error(`nothing was saved: ${stderr}`);
}

async function isSaved({ box }: Place, ended: InsideResult, endpoint: Endpoint): Promise<boolean> {
  if (endpoint === 'cancel') return (await box.journals()).length > 0;
  return resultOf(ended)?.['resumable'] === true;
}

/** Exactly so many Files, each of the very bytes: none is corrupt, and no success is false. */
async function expectFiles(
  { server }: Place,
  { md5 }: File,
  count: number,
  must: (what: string, actual: unknown, wanted: unknown) => void,
): Promise<void> {
  const files = await server.files();
  must('Files at the server', files.length, count);
  for (const { id } of files) must('md5 of the File', await server.md5(id), md5);
}

const cellOf = ({ exit, requests, saved, files }: Outcome): string =>
  `${exit}·${requests}·${exit === 0 ? '-' : saved ? 'yes' : 'no'}·${files}`;

function print(seen: ReadonlyMap<string, string>): void {
  const head = `| exit·requests·resumable·Files for first, last, always | ${ENDPOINTS.join(' | ')} |`;
  const body = rows.map(({ name, expected }) => {
    const cells = ENDPOINTS.map(endpoint =>
      typeof expected[endpoint] === 'string'
        ? `(${expected[endpoint]})`
        : WHEN.map(when => seen.get(`${name} × ${endpoint} × ${when}`) ?? '').join(' '),
    );
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  console.log([head, ...body].join('\n'));
}
