import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told of stderr as it comes; may end the process. */
  readonly onStderr?: (text: string, kill: () => void) => void;
  /** Its most memory is to be known: that takes a few milliseconds more. */
  readonly weighed?: boolean;
  /** Its CPU time is to be known: bash measures it. */
  readonly timed?: boolean;
  /** The exit code does not matter. */
  readonly mayFail?: boolean;
};

/** A process that ended. */
export type Ran = {
  readonly wallMs: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Most memory it ever held, where it is a Node and was weighed. */
  readonly peakMb: number;
  /** Milliseconds of CPU, user and kernel, of all its threads, where it was timed. */
  readonly cpuMs: number;
};

/** Runs one process in a clean environment, and measures it. */
export const createRun =
  (here: string, work: string) =>
  async (command: readonly string[], options: RunOptions = {}): Promise<Ran> => {
    const [file = '', ...args] = options.timed ? [...TIMED, ...command] : command;
    const peakFile = join(work, 'peak');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: work,
      XDG_STATE_HOME: join(work, 'state'),
      XDG_CONFIG_HOME: join(work, 'config'),
      ...(options.weighed && { NODE_OPTIONS: `--require ${join(here, 'peak.cjs')}`, PEAK_FILE: peakFile }),
      ...options.env,
    };
    const startedAtMs = performance.now();
    const child = spawn(file, args, { cwd: options.cwd ?? work, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text;
      options.onStderr?.(text, () => child.kill('SIGKILL'));
    });
    const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    const wallMs = performance.now() - startedAtMs;
    if (code !== 0 && !options.mayFail) throw new Error(`${file} ${args.join(' ')} ended with ${code}\n${stderr}`);
    const peakMb = Number(await readFile(peakFile, 'utf8').catch(() => 'NaN')) / 1e6;
    return { wallMs, stdout, stderr, peakMb, cpuMs: cpuMsIn(stderr) };
  };

const TIMED = ['bash', '-c', 'TIMEFORMAT="cpu %U %S"; time "$@"', 'bash'] as const;

const cpuMsIn = (stderr: string): number => {
  const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  return 1000 * (Number(user) + Number(system));
};
