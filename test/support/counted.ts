import type { CliOptions, CliResult } from './cli.ts';

/** `npm run coverage`: runs of the command that need no process of their own are of the sources, in this process. */
const OF_SOURCES = process.env['OF_SOURCES'] === '1';

/** What only a process has: arguments of Node, a user, a stdin that waits, a variable that Node reads. */
export const isCounted = (args: readonly string[], options: CliOptions = {}): boolean =>
  OF_SOURCES &&
  !['nodeArgs', 'uid', 'bin', 'signal', 'stdinStaysOpen', 'onStderr'].some(name => name in options) &&
  !Object.entries(options.env ?? {}).some(([name, value]) => /^NODE_|^XDG_CONFIG_HOME$/.test(name) || value === '') &&
  !['--version', '-V', 'version', '__complete'].includes(args[0] ?? '');

type Surroundings = Pick<CliOptions, 'stdin'> & {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
};

let last: Promise<unknown> = Promise.resolve();

/** One after another: a process has one working folder. */
export const runCounted = (args: readonly string[], { cwd, ...options }: Surroundings): Promise<CliResult> => {
  const run = last.then(async () => {
    const before = process.cwd();
    process.chdir(cwd);
    try {
      const { runInside } = await import('./inside.ts');
      return { ...(await runInside(args, options)), signal: undefined };
    } finally {
      process.chdir(before);
    }
  });
  last = run.catch(() => {});
  return run;
};
