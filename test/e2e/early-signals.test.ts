import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CliOptions, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { reduced, seeded } from '../support/torture.ts';

const PRELOAD = fileURLToPath(new URL('../support/signal-early.mjs', import.meta.url));
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof CODES;
const NAMES = Object.keys(CODES) as readonly Name[];

/** Instants from the first line of the command to a request that hangs. */
const LATEST_MS = 250;

const signalled = (signals: readonly Name[], afterMs: number): CliOptions => ({
  env: { SIGNALS: signals.join(), AFTER_MS: String(afterMs) },
  nodeArgs: ['--import', PRELOAD],
});

/** A push whose first request gets no answer. */
async function hangingPush() {
  const box = await sandbox();
  const server = await testServer({ faults: [{ endpoint: 'create', do: 'stall' }] });
  await randomFile(box.path('f'), KiB);
  return (options: CliOptions) =>
    box.run(['push', 'f', '--purpose', 'user_data'], { ...options, env: { ...server.env, ...options.env } });
}

describe.skipIf(process.platform === 'win32')('12.17: a signal in the first instants', () => {
  it.each(NAMES)('%s as the very first thing interrupts the run in the usual way', async name => {
    const run = await (await hangingPush())(signalled([name], 0));
    expect(run).toMatchObject({ exitCode: CODES[name], signal: undefined, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`^oai-upload: .*interrupted by ${name}\n.*hint: `, 'm'));
  });

  it('interrupts the run at any instant', async () => {
    const push = await hangingPush();
    const random = seeded(17);
    for (let count = 0; count < reduced(12, 300); count += 1) {
      const [name, afterMs] = [NAMES[random.below(3)] as Name, random.next() * LATEST_MS];
      const run = await push(signalled([name], afterMs));
      const what = `${name} after ${afterMs} ms`;
      expect(run, what).toMatchObject({ exitCode: CODES[name], signal: undefined, stdout: '' });
      expect(run.stderr, what).toContain(`interrupted by ${name}`);
    }
  });

  it('does not wait where a second one follows', async () => {
    const push = await hangingPush();
    for (const afterMs of [0, 1, 10, 30, 60, 100])
      expect(await push(signalled(['SIGINT', 'SIGINT'], afterMs))).toMatchObject({ exitCode: 130, signal: undefined });
  });

  it.each(['--version', '--help'])('leaves %s whole', async flag => {
    const box = await sandbox();
    const { stdout } = await box.run([flag]);
    for (const afterMs of [0, 0.2, 1, 5, 10, 20])
      expect(await box.run([flag], signalled(['SIGTERM'], afterMs))).toMatchObject({ exitCode: 0, stdout, stderr: '' });
  });

  it('ends serve well', async () => {
    const box = await sandbox();
    for (const afterMs of [0, 20, 60]) {
      const run = await box.run(['serve', '--dir', box.path('served')], signalled(['SIGTERM'], afterMs));
      expect(run).toMatchObject({ exitCode: 0, signal: undefined, stderr: '' });
    }
  });

  it('ends a wait that cannot be aborted: for the writer of a FIFO', async () => {
    const box = await sandbox();
    execFileSync('mkfifo', [box.path('fifo')]);
    const push = ['push', '--purpose', 'batch', '--files-from', 'fifo', '--json'];
    const { stderr, ...run } = await box.run(push, signalled(['SIGTERM'], 100));
    expect(run.results()).toMatchObject([{ status: 'interrupted', error: { reason: 'sigterm', exit_code: 143 } }]);
    expect(stderr).toMatch(/^oai-upload: interrupted by SIGTERM\n/);
    expect([143, 'SIGTERM']).toContain(run.exitCode ?? run.signal);
  });
});
