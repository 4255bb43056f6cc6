import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { expect, it } from 'vitest';
import { type CliResult, linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { GiB, MiB, sparseFile } from '../support/files.ts';

const request = (id: number): string =>
  JSON.stringify({ custom_id: `r${id}`, method: 'POST', url: '/v1/responses', body: { model: 'm', input: 'Why? é' } });

/** No key and no network: a base URL that nobody answers at. */
const check = (box: Sandbox, ...args: readonly string[]): Promise<CliResult> =>
  box.run(['check', ...args], { env: { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' } });

it('says that a good file is ready, on stderr, and saves nothing', async () => {
  const box = await sandbox();
  await box.write('good.jsonl', `${request(1)}\n${request(2)}\n`);
  const result = await check(box, 'good.jsonl', '--purpose', 'batch');
  expect(result).toMatchObject({ exitCode: 0, stdout: '' });
  expect(result.stderr).toMatch(/^ {2}good\.jsonl: ready for batch \(2 lines, \d+ B\)\n/);
  expect(result.stderr).toMatch(
    /^ {4}requests {2}2$.*^ {4}model {5}m$.*^ {4}url {7}\/v1\/responses$.*tokens {4}about/ms,
  );
  expect(await box.stateFiles()).toEqual([]);
});

it('names file, line and column of what is wrong, and exits 3', async () => {
  const box = await sandbox();
  await box.write('bad.jsonl', `${request(1)}\n{"a":1,}\n${request(1)}`);
  const { exitCode, stdout, stderr } = await check(box, 'bad.jsonl', '--purpose', 'batch');
  expect([exitCode, stdout]).toEqual([3, '']);
  expect(linesOf(stderr)).toEqual([
    '  bad.jsonl:2:7: there is a comma too many before "}" [trailing-comma]',
    '  bad.jsonl:3:14: duplicate custom_id "r1" (first used on line 1) [duplicate-custom-id]',
    'oai-upload: bad.jsonl has 2 errors for the purpose batch',
  ]);
});

it('shows twenty errors and counts the others; --quiet leaves warnings out', async () => {
  const box = await sandbox();
  await box.write('bad.jsonl', `${'x\n'.repeat(100)}\n\n`);
  const { stderr } = await check(box, 'bad.jsonl', '--purpose', 'evals');
  expect(linesOf(stderr).slice(19)).toEqual([
    '  bad.jsonl:20:1: expected a value, found "x" [invalid-json]',
    '  bad.jsonl: and 80 more errors',
    '  bad.jsonl:101: warning: the file ends in blank lines [blank-lines-at-end]',
    'oai-upload: bad.jsonl has 100 errors for the purpose evals',
  ]);
  expect((await check(box, 'bad.jsonl', '--purpose', 'evals', '-q')).stderr).not.toContain('warning');
});

it('prints one object a file with --json, and the first bad file decides', async () => {
  const box = await sandbox();
  await box.write('good.jsonl', request(1));
  await box.write('bad.jsonl', '[]\n');
  const files = ['good.jsonl', 'bad.jsonl', 'absent.jsonl'];
  const { exitCode, results, stderr } = await check(box, ...files, '--purpose', 'batch', '--json');
  expect([exitCode, stderr]).toEqual([3, '']);
  const [good, bad, absent] = results();
  expect(good).toEqual({
    path: 'good.jsonl',
    purpose: 'batch',
    service: 'other',
    ok: true,
    lines: 1,
    bytes: request(1).length + 1,
    errors: [],
    errors_total: 0,
    warnings: [],
    warnings_total: 0,
    notes: [],
    notes_total: 0,
    summary: {
      records: 1,
      formats: {},
      roles: {},
      models: { m: 1 },
      urls: { '/v1/responses': 1 },
      images: 0,
      characters: 6,
      estimated_tokens: 2,
      longest_line: { line: 1, bytes: request(1).length + 1 },
      largest_record: { line: 1, characters: 6, estimated_tokens: 2 },
    },
  });
  expect(bad).toMatchObject({
    ok: false,
    lines: 1,
    errors: [
      {
        line: 1,
        column: null,
        reason: 'not-an-object',
        rule: 'not-an-object',
        level: 'error',
        message: expect.stringContaining('an array'),
      },
    ],
    errors_total: 1,
    error: { code: 'SOURCE', reason: 'invalid-lines', exit_code: 3 },
  });
  expect(absent).toMatchObject({ ok: false, lines: null, error: { reason: 'not-found', exit_code: 3 } });
});

it.each([
  ['an empty file', 'empty.jsonl', 'empty'],
  ['a folder', '.', 'not-a-file'],
  ['more than an upload takes', 'huge.jsonl', 'too-large'],
])('refuses %s as push does', async (_, name, reason) => {
  const box = await sandbox();
  await box.write('empty.jsonl', '');
  await sparseFile(box.path('huge.jsonl'), 8 * GiB + 1);
  const { exitCode, results } = await check(box, name, '--purpose', 'assistants', '--json');
  expect(exitCode).toBe(3);
  expect(results()[0]).toMatchObject({ ok: false, error: { code: 'SOURCE', reason } });
});

it('looks at size and name only where the purpose asks for no lines', async () => {
  const box = await sandbox();
  await box.write('a.pdf', '%PDF');
  const { exitCode, stderr } = await check(box, 'a.pdf', '--purpose', 'user_data');
  expect([exitCode, stderr]).toEqual([0, '  a.pdf: ready for user_data (4 B, the content was not checked)\n']);
});

it('asks for a purpose', async () => {
  const { exitCode, stderr } = await check(await sandbox(), 'a.jsonl');
  expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('--purpose is missing')]);
});

it('writes foreign names and values so that they cannot move the cursor', async () => {
  const box = await sandbox();
  await box.write(
    '\u001b[2J.jsonl',
    JSON.stringify({ custom_id: 'a', method: '\u009b2J', url: '/v1/\u202ex', body: {} }),
  );
  const { stderr } = await check(box, '\u001b[2J.jsonl', '--purpose', 'batch');
  expect(stderr).toContain('\\x1b[2J.jsonl:1:27: method must be');
  expect(['\u001b', '\u009b', '\u202e'].filter(character => stderr.includes(character))).toEqual([]);
});

it('passes over many lines through reads that share one buffer, and stops at Ctrl-C', async () => {
  const box = await sandbox();
  const lines = 1_500_000;
  const file = createWriteStream(box.path('many.jsonl'), { highWaterMark: MiB });
  for (let line = 0; line < lines; line += 10_000) {
    const text = Array.from(
      { length: 10_000 },
      (_, index) => `{"line":${line + index},"é":"${'y'.repeat(index % 50)}"}\n`,
    );
    if (!file.write(text.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  const whole = check(box, 'many.jsonl', '--purpose', 'evals', '--json');
  await box.write('one.jsonl', '{"line":1}\n');
  const live = box.start(['check', 'one.jsonl', 'many.jsonl', '--purpose', 'evals', '--json']);
  // The next file is being read once the result of the one before it is out.
  await live.line();
  live.kill('SIGINT');
  const [{ exitCode, results, stderr }, stopped] = [await whole, await live.ended];
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ ok: true, lines });
  expect(stopped.exitCode).toBe(130);
  expect(stopped.results()[1]).toMatchObject({ ok: false, error: { code: 'INTERRUPTED', reason: 'sigint' } });
});
