import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/server/faults/fault.ts';
import { type CliResult, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { atTerminal } from '../support/pty.ts';
import { type TestServer, testServer } from '../support/server.ts';

/** Every foreign text begins with this or with what a log's reader takes for a command. */
const MARK = 'ZZ';
const NAMES = [
  '::error::ZZ',
  ' ::add-mask::ZZ',
  'ZZ\n::set-env name=PATH::x',
  'ZZ\r::error::x',
  'ZZ ##[error]x',
  'ZZ\u001b]0;x\u0007\u202e\u2066\u009b31m\u2028x',
  'ZZ"\\\u{1f468}\u200d\u{1f469}.jsonl',
];
const SAID = `::error::ZZ\n::stop-commands::x\r\n ##[error]y\u001b[2J\u0007\u202e${'z'.repeat(100_000)}`;
const refusal: Fault = { endpoint: 'create', do: 'status', status: 400, body: { error: { message: SAID } } };
const busy: Fault = { endpoint: 'create', attempt: 1, do: 'status', status: 503, body: { error: { message: SAID } } };

type Scene = { readonly box: Sandbox; readonly server: TestServer };

/** Files with such names, some of them pushed in part. */
async function scene(...faults: readonly Fault[]): Promise<Scene> {
  const box = await sandbox();
  const server = await testServer({ faults });
  for (const name of NAMES) await randomFile(box.path(name), 3 * KiB, name);
  return { box, server };
}

const RUNNERS = [
  { where: 'in GitHub Actions', env: { GITHUB_ACTIONS: 'true' } },
  { where: 'elsewhere', env: {} },
] as const;

const push = ['--purpose', 'user_data', '--part-size', '1KiB', '--retries', '1'];
const files = ['push', ...NAMES.map(name => `./${name}`), ...push];
const bare = ['push', ...push, '--', ...NAMES];

const CASES: readonly {
  readonly what: string;
  readonly args: readonly string[];
  readonly faults: readonly Fault[];
  readonly before?: readonly string[];
}[] = [
  { what: 'push', args: bare, faults: [] },
  { what: 'push -vv', args: ['-vv', ...bare], faults: [busy] },
  { what: 'a refused push', args: bare, faults: [refusal] },
  { what: 'a refused push --json', args: ['--json', ...files], faults: [refusal] },
  { what: 'events', args: ['--progress=json', ...bare], faults: [busy] },
  { what: 'a dry run', args: ['-n', ...bare], faults: [] },
  { what: 'files that are not there', args: ['push', ...push, '--', ...NAMES.map(name => `${name}?`)], faults: [] },
  { what: 'check', args: ['check', '--purpose', 'batch', '--', ...NAMES], faults: [] },
  { what: 'check --json', args: ['check', '--json', '--purpose', 'batch', '--', ...NAMES], faults: [] },
  {
    what: 'verify',
    args: ['verify', '--', NAMES[0] ?? '', 'file-x'],
    faults: [{ endpoint: 'file', do: 'status', status: 404, body: { error: { message: SAID } } }],
  },
  {
    what: 'doctor',
    args: ['doctor', '-v'],
    faults: [{ endpoint: '*', do: 'status', status: 418, body: SAID, headers: { 'x-zz': '::error::ZZ ##[error]x' } }],
  },
  { what: 'an unknown command', args: [NAMES[3] ?? ''], faults: [] },
  { what: 'an unknown option', args: ['push', `--${NAMES[2]}`], faults: [] },
  { what: 'a wrong value', args: ['push', 'x', ...push, '--concurrency', NAMES[5] ?? ''], faults: [] },
  { what: 'a purpose', args: ['push', './ZZ ##[error]x', '--purpose', 'bahtc\n::error::x'], faults: [refusal] },
  { what: 'a state folder', args: ['list', '--state-dir', NAMES[4] ?? ''], faults: [] },
];

describe.skipIf(process.platform === 'win32').each(RUNNERS)('12.10 and 12.12: hostile text $where', ({ env }) => {
  it.each(CASES)('$what', async ({ args, faults }) => {
    const { box, server } = await scene(...faults);
    const run = await box.run(args, { env: { ...server.env, ...env } });
    expect(run.stderr + run.stdout).not.toBe('');
    expectTame(run, 'GITHUB_ACTIONS' in env);
  });

  it.each(['list', 'show', 'resume', 'cancel', 'clean'])('%s of saved uploads', async name => {
    const { box, server } = await scene({ endpoint: 'part', part: 2, do: 'status', status: 400, body: SAID });
    const first = await box.run(bare, server);
    expect(first.exitCode, first.stderr).toBe(6);
    const args =
      {
        list: ['list'],
        show: ['show', '--', NAMES[4] ?? ''],
        resume: ['resume', '--all'],
        cancel: ['cancel', '--all'],
        clean: ['clean'],
      }[name] ?? [];
    for (const json of [[], ['--json']]) {
      const run = await box.run([...json, ...args], { env: { ...server.env, ...env } });
      expectTame(run, 'GITHUB_ACTIONS' in env);
    }
  });

  it('annotations are the only commands, each of one line', async () => {
    const { box, server } = await scene(refusal);
    const outputs = {
      GITHUB_OUTPUT: await box.write('output', ''),
      GITHUB_STEP_SUMMARY: await box.write('summary', ''),
    };
    const run = await box.run(['push', '--github-output', ...bare.slice(1)], {
      env: { ...server.env, ...outputs, ...env },
    });
    const annotations = run.stderr.split('\n').filter(line => line.startsWith('::'));
    expect(annotations).toHaveLength(NAMES.length);
    for (const line of annotations) {
      expect(line).toMatch(/^::error file=[^:]*,title=oai-upload%3A REJECTED::/);
      expect(line).not.toMatch(UNSEEN);
      expect(line.length).toBeLessThan(2500);
    }
    expectTame({ ...run, stderr: run.stderr.replace(/^::error file=.*\n/gm, '') }, 'GITHUB_ACTIONS' in env);
    expect(await readFile(outputs.GITHUB_OUTPUT, 'utf8')).toMatch(/^status=failed$/m);
  });

  it('a log file is JSON without commands', async () => {
    const { box, server } = await scene({ ...busy, headers: { 'x-zz': '##[error]x' } });
    await box.run(['-vv', '--log-file', 'log', ...bare], { env: { ...server.env, ...env } });
    const lines = (await readFile(box.path('log'), 'utf8')).trimEnd().split('\n');
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ type: 'request' });
      expect(line).not.toMatch(/##[a-z]*\[/);
    }
    expect(lines.join()).toContain('#\\u0023[error]x');
  });
});

it.skipIf(process.platform === 'win32')('12.12: a name at a terminal moves nothing but itself', async () => {
  const { box, server } = await scene({ endpoint: 'part', part: 2, do: 'stall' });
  const terminal = atTerminal(['push', ...push, '--', NAMES[5] ?? ''], box, { columns: 200, env: server.env });
  const screen = await terminal.until(/in flight/);
  expect(screen).toMatch(/^[█░]+ \S/m);
  expect(screen).toContain('x07');
  for (const text of ['\u0007', '\u202e', '\u2066', '\u009b', '\u2028', '\u001b]0'])
    expect(terminal.raw()).not.toContain(text);
});

/** What no reader sees, and what turns text around. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function expectTame({ stdout, stderr }: Pick<CliResult, 'stdout' | 'stderr'>, isRead: boolean): void {
  for (const line of `${stdout}\n${stderr}`.split('\n')) {
    expect(line).not.toMatch(UNSEEN);
    expect(line.startsWith(MARK) || line.startsWith('::'), line.slice(0, 80)).toBe(false);
    if (!line.startsWith('{')) expect(line.length).toBeLessThan(1300);
    if (!isRead) continue;
    expect(line.trimStart().startsWith('::'), line.slice(0, 80)).toBe(false);
    expect(line).not.toContain('##[');
  }
}
