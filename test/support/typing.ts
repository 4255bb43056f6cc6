import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { BIN, type Sandbox } from './cli.ts';

/** Whether a program is there; a test that goes without it says so. */
export function isInstalled(program: string): boolean {
  const found = spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
  if (!found) console.error(`\n*** SKIPPED: ${program} is not installed, what needs it is NOT tested ***\n`);
  return found;
}

export type Typist = {
  /** Types keys; resolves once the terminal has shown such a text, with all that it shows from here on. */
  type(keys: string, until: RegExp): Promise<string>;
  /** Types a command line and runs it; resolves with the arguments that `oai-upload` was given. */
  run(keys: string): Promise<readonly string[]>;
};

const PROMPT = /READY> /;
const CALLED_AND_PROMPT = /CALLED.*READY> /s;

/** Whether a shell can be typed into: `script` gives it a pseudo-terminal, and takes these flags on Linux. */
export const canType = (): boolean => process.platform === 'linux' && isInstalled('script');

/** A real shell on a pseudo-terminal, in which `oai-upload` completes as built and otherwise notes its arguments. */
export async function typeInto(shell: string, setup: readonly string[], box: Sandbox): Promise<Typist> {
  const env = { ...(await commandIn(box)), TERM: 'dumb' };
  const child = spawn('script', ['-qefc', shell, '/dev/null'], { cwd: box.work, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [shown, isOver] = ['', false];
  let look = (): void => {};
  onTestFailed(() => console.error(shown));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    // Bells are of no concern.
    shown += text.replaceAll('\u0007', '');
    look();
  });
  child.on('close', () => {
    isOver = true;
    look();
  });
  const type: Typist['type'] = (keys, until) => {
    const from = shown.length;
    child.stdin.write(keys);
    return new Promise((resolve, reject) => {
      look = () => {
        if (until.test(shown.slice(from))) resolve(shown.slice(from));
        else if (isOver) reject(new Error(`The shell ended before ${until}`));
      };
      look();
    });
  };
  // Written so that the echo of the line is not taken for the prompt.
  await type("PS1='REA''DY> '\n", PROMPT);
  for (const line of setup) await type(`${line}\n`, PROMPT);
  return {
    type,
    run: async keys => {
      await writeFile(join(box.dir, 'calls'), '');
      await type(`${keys}\n`, CALLED_AND_PROMPT);
      return (await readFile(join(box.dir, 'calls'), 'utf8')).split('\n').slice(0, -1);
    },
  };
}

/** The environment in which `oai-upload` is the built command where a shell asks it, and notes its arguments else. */
export async function commandIn(box: Sandbox): Promise<Readonly<Record<string, string>>> {
  const bin = join(box.dir, 'bin');
  await mkdir(bin, { recursive: true });
  const program = join(bin, 'oai-upload');
  await writeFile(
    program,
    `#!/bin/sh
case $1 in
  __complete) exec "$NODE" "$BIN" "$@" ;;
  completion) "$NODE" "$BIN" "$@" ;;
esac
printf '%s\\n' "$@" > '${join(box.dir, 'calls')}'
echo '# CALLED'
`,
  );
  await chmod(program, 0o755);
  return { ...box.env, PATH: `${bin}:${box.env['PATH']}`, NODE: process.execPath, BIN };
}
