import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { isCounted, runCounted } from './counted.ts';
import { placesOfKeys } from './key-search.ts';
import { strayOutput } from './schema.ts';

/** The built command, as a user runs it: build before the tests. */
export const BIN = fileURLToPath(new URL('../../bin/oai-upload.js', import.meta.url));

type Env = Readonly<Record<string, string>>;
// biome-ignore lint/suspicious/noExplicitAny: a test asks JSON for what it expects to be there
export type Json = Readonly<Record<string, any>>;

export type CliOptions = {
  /** Added to the sandbox's clean environment. */
  readonly env?: Env;
  /** The sandbox's work folder unless told. */
  readonly cwd?: string;
  /** Given to stdin, which is empty unless told. */
  readonly stdin?: string | Uint8Array;
  /** Stdin does not end. */
  readonly stdinStaysOpen?: boolean;
  /** Told of each piece of stderr when it comes. */
  readonly onStderr?: (text: string) => void;
  /** Kills the process with SIGKILL when aborted. */
  readonly signal?: AbortSignal;
  /** Arguments of node itself, like `--import`. */
  readonly nodeArgs?: readonly string[];
  /** Another user, for one who is root. */
  readonly uid?: number;
  /** Another copy of the command. */
  readonly bin?: string;
};

/** How a process ended, and all that it wrote. */
export type CliResult = {
  /** Absent when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The objects of stdout's JSON lines; throws where a line is not JSON. */
  results(): readonly Json[];
  /** The objects of stderr's JSON lines (`--progress=json`); throws where a line is not JSON. */
  events(): readonly Json[];
};

/** A process that runs. It is killed when the test ends. */
export type LiveCli = {
  readonly pid: number;
  /** Resolves at the `nth` event of a type on stderr (`--progress=json`); rejects if the process ends before it. */
  event(type: string, nth?: number): Promise<Json>;
  /** Resolves with the `nth` line of stdout, without its end; rejects if the process ends before it. */
  line(nth?: number): Promise<string>;
  /** Gives more to a stdin that stays open. */
  feed(bytes: Uint8Array): void;
  endStdin(): void;
  kill(signal: NodeJS.Signals): void;
  /** Never rejects. */
  readonly ended: Promise<CliResult>;
};

/** A home of its own for some runs: clean environment, own state folder, own work folder. Gone after the test. */
export type Sandbox = {
  /** Holds all that follows. */
  readonly dir: string;
  /** Where the command runs; put files here. */
  readonly work: string;
  /** What `$XDG_STATE_HOME/oai-upload` is; absent until something is saved. */
  readonly stateDir: string;
  readonly env: Env;
  path(name: string): string;
  /** Writes a text into the work folder; returns its path. */
  write(name: string, text: string): Promise<string>;
  /** Every file below the state folder, by its path in it; folders are not listed. */
  stateFiles(): Promise<readonly string[]>;
  /** The journals of saved uploads, by whole path. */
  journals(): Promise<readonly string[]>;
  /** Journals, locks and claims: what a completed push leaves none of. */
  leftovers(): Promise<readonly string[]>;
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  start(args: readonly string[], options?: CliOptions): LiveCli;
};

export async function sandbox(): Promise<Sandbox> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'oai-e2e-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const [home, work, state] = [join(dir, 'home'), join(dir, 'files'), join(dir, 'state')];
  await Promise.all([home, work].map(folder => mkdir(folder)));
  const stateDir = join(state, 'oai-upload');
  // Nothing of the surroundings: no key, no proxy, no CI. The node that runs the tests comes first.
  const env = {
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: home,
    XDG_STATE_HOME: state,
    XDG_CONFIG_HOME: join(home, '.config'),
  };
  const stateFiles = () => filesBelow(stateDir);
  const start: Sandbox['start'] = (args, options = {}) =>
    startProcess(process.execPath, [...(options.nodeArgs ?? []), options.bin ?? BIN, ...args], {
      cwd: work,
      ...options,
      env: { ...env, ...options.env },
    });
  return {
    dir,
    work,
    stateDir,
    env,
    path: name => join(work, name),
    write: async (name, text) => {
      await writeFile(join(work, name), text);
      return join(work, name);
    },
    stateFiles,
    journals: async () => (await stateFiles()).filter(isJournal).map(name => join(stateDir, name)),
    leftovers: async () =>
      (await stateFiles()).filter(name => isJournal(name) || name.startsWith('locks') || name.startsWith('claims')),
    run: (args, options) =>
      isCounted(args, options)
        ? runCounted(args, { cwd: work, ...options, env: { ...env, ...options?.env } })
        : start(args, options).ended,
    start,
  };
}

/** One run in a sandbox of its own. */
export const runCli = async (args: readonly string[], options?: CliOptions): Promise<CliResult> =>
  (await sandbox()).run(args, options);

export type ProcessOptions = CliOptions & { readonly env: Env; readonly cwd: string };

/** Any process, watched line by line. */
export function startProcess(
  file: string,
  args: readonly string[],
  { cwd, env, stdin, stdinStaysOpen, onStderr, signal, uid }: ProcessOptions,
): LiveCli {
  const child = spawn(file, args, { cwd, env, signal, uid, killSignal: 'SIGKILL', stdio: 'pipe' });
  let [stdout, stderr] = ['', ''];
  let isOver = false;
  const watchers = new Set<() => void>();
  const look = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr?.(text);
    look();
  });
  child.stdin.on('error', () => {}).write(stdin ?? '');
  if (!stdinStaysOpen) child.stdin.end();
  child.on('error', () => {}); // an aborted `signal`; `close` follows

  const ended = new Promise<CliResult>(resolve => {
    child.on('close', (exitCode, killedBy) => {
      isOver = true;
      look();
      resolve(withLines({ exitCode: exitCode ?? undefined, signal: killedBy ?? undefined, stdout, stderr }));
    });
  });
  const when = <T>(what: string, find: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        const found = find();
        if (found === undefined && !isOver) return;
        watchers.delete(watcher);
        if (found === undefined) reject(new Error(`It ended before ${what}.\nstdout: ${stdout}\nstderr: ${stderr}`));
        else resolve(found);
      };
      watchers.add(watcher);
      watcher();
    });
  onTestFinished(async () => {
    if (!isOver) child.kill('SIGKILL');
    await ended;
    // Every line of JSON of every test is as the published schemas say.
    const lines = { stdout: linesOf(whole(stdout)), stderr: linesOf(whole(stderr)) };
    expect(strayOutput(args, lines)).toEqual([]);
    // What Node warns of is ours to mend, except where the user turned the check of certificates off.
    if (!('NODE_TLS_REJECT_UNAUTHORIZED' in env)) expect(stderr).not.toMatch(/\(node:\d+\) \w*Warning/);
    // And no run ever prints or saves its key.
    expect(await placesOfKeys(env, { stdout, stderr })).toEqual([]);
  });
  return {
    pid: child.pid ?? Number.NaN,
    event: (type, nth = 1) =>
      when(
        `${type} came ${nth} times`,
        () => jsonLines(whole(stderr)).filter(event => event['type'] === type)[nth - 1],
      ),
    line: (nth = 1) => when(`line ${nth} of stdout`, () => linesOf(whole(stdout))[nth - 1]),
    feed: bytes => void child.stdin.write(bytes),
    endStdin: () => void child.stdin.end(),
    kill: name => void child.kill(name),
    ended,
  };
}

export const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');

export const jsonLines = (text: string): readonly Json[] => linesOf(text).map(line => JSON.parse(line) as Json);

/** With what its JSON lines say. */
export const withLines = <Ended extends Pick<CliResult, 'stdout' | 'stderr'>>(ended: Ended) => ({
  ...ended,
  results: () => jsonLines(ended.stdout),
  events: () => jsonLines(ended.stderr),
});

/** Without a line whose end has not come yet. */
const whole = (text: string): string => text.slice(0, text.lastIndexOf('\n') + 1);

const isJournal = (name: string): boolean => name.endsWith('.journal');

const filesBelow = async (dir: string): Promise<readonly string[]> => {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(dir.length + 1));
};
