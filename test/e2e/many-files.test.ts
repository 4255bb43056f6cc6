import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { GiB, KiB, MiB, randomFile, sparseFile } from '../support/files.ts';
import { testServer } from '../support/server.ts';
import { shell } from '../support/shell.ts';
import { reduced } from '../support/torture.ts';

const COUNT = reduced(160, 1000);
/** The bad ones lie so far apart. */
const APART = COUNT / 20;
const PART = 64 * KiB;
const push = (...files: readonly string[]) => ['push', ...files, '--purpose', 'assistants'];

/** What each bad kind says; four files of each but the last, which the server refuses. */
const SAYS = {
  missing: /does not exist/,
  directory: /is a directory/,
  empty: /is empty/,
  huge: /8 GiB/,
  refused: /not today/,
};

it.each([
  false,
  true,
])(`sends all but 20 of ${COUNT} files and tells what is wrong with those, json: %s`, async json => {
  const box = await sandbox();
  const refusal = { do: 'status', status: 400, body: { error: { message: 'not today' } } } as const;
  const server = await testServer({
    faults: [{ endpoint: 'create', attempt: [8, 10, 12, 14].map(step => step * APART), ...refusal }],
  });
  const names = await manyFiles(box);
  await box.write('list', names.join('\n'));
  const run = await box.run(
    json ? [...push(), '--files-from', 'list', '--json', '--concurrency', '8'] : push(...names),
    server,
  );
  expect(run.exitCode, run.stderr.slice(-2000)).toBe(3);
  expect(run.stderr).not.toContain('Warning');

  const sent = new Map((await server.files()).map(file => [file['id'], file['filename']]));
  expect(sent.size).toBe(COUNT - 20);
  const good = names.filter(name => [...sent.values()].includes(name));
  const ids = json
    ? run.results().flatMap(({ status, file_id }) => (status === 'completed' ? [file_id] : []))
    : linesOf(run.stdout);
  expect(ids.map(id => sent.get(id))).toEqual(good);
  const errors = linesOf(run.stderr).filter(line => line.startsWith('oai-upload: '));
  expect(errors).toHaveLength(20);
  for (const says of Object.values(SAYS)) expect(errors.filter(line => says.test(line))).toHaveLength(4);
  if (json) {
    expect(run.results().map(({ path }) => path)).toEqual(names);
    const failed = run.results().filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(20);
    expect(failed.map(({ error }) => error.exit_code).sort()).toEqual([...Array(16).fill(3), ...Array(4).fill(6)]);
  }
  expect(await box.leftovers()).toEqual([]);
});

it('keeps only files in flight open', async () => {
  const box = await sandbox();
  // All wait for the first to be answered, and hold nothing meanwhile.
  const server = await testServer({ faults: [{ endpoint: 'create', attempt: 1, do: 'slow', delayMs: 5000 }] });
  const names = Array.from({ length: 150 }, (_, index) => `f${index}`);
  for (const name of names) await box.write(name, name);
  const script = 'ulimit -n 160; find . -name "f*" -print0 | oai-upload push --files-from - --purpose user_data';
  const { exitCode, stdout, stderr } = await shell(script, box, server);
  expect(exitCode, stderr).toBe(0);
  expect(linesOf(stdout)).toHaveLength(150);
});

it('packs small files while a big one goes', async () => {
  const box = await sandbox();
  const server = await testServer({ latencyMs: 20 });
  await randomFile(box.path('big'), 200 * PART);
  const small = Array.from({ length: 10 }, (_, index) => `small-${index}`);
  for (const name of small) await box.write(name, name);
  const args = [...push('big', ...small), '--part-size', '64KiB', '--concurrency', '2'];
  const { exitCode, stderr } = await box.run(args, server);
  expect(exitCode, stderr).toBe(0);
  // The big one's parts were all waiting before any of the small ones': they took turns.
  const log = server.requests('part').map(({ part }) => part ?? 0);
  const lastOfBig = log.indexOf(200);
  expect(log.slice(lastOfBig).filter(part => part === 1)).toEqual([]);
});

it('sends two big files at a time, and small ones beside them', async () => {
  const box = await sandbox();
  const server = await testServer();
  const names = ['a', 'b', 'c'];
  for (const name of names) await sparseFile(box.path(name), 64 * MiB, MiB);
  await box.write('small', 'x');
  const args = [...push(...names, 'small'), '--progress=json', '--part-size', '8MiB'];
  const { exitCode, events, stderr } = await box.run(args, server);
  expect(exitCode, stderr).toBe(0);
  const places = (type: string, paths: readonly string[]) =>
    events().flatMap((event, index) => (event['type'] === type && paths.includes(event['path']) ? [index] : []));
  expect(places('upload.creating', names)[2]).toBeGreaterThan(Number(places('upload.completed', names)[0]));
  expect(places('upload.completed', ['small'])[0]).toBeLessThan(Number(places('upload.completed', names)[0]));
});

it.each([
  { list: 'a\n\nb c\r\n-\n# d\n', names: ['a', 'b c', './-', '# d'] },
  { list: 'a\0b\nc\0', names: ['a', 'b\nc'] },
])('takes the files of $list after the arguments', async ({ list, names }) => {
  const box = await sandbox();
  const server = await testServer();
  for (const name of ['first', ...names]) await box.write(name, name);
  const args = [...push('first'), '--files-from', '-', '--json'];
  const { exitCode, results, stderr } = await box.run(args, { ...server, stdin: list });
  expect(exitCode, stderr).toBe(0);
  expect(results().map(({ path }) => path)).toEqual(['first', ...names]);
});

it('has nothing to do for an empty list', async () => {
  const box = await sandbox();
  const server = await testServer();
  const run = await box.run([...push(), '--files-from', '-'], server);
  expect(run).toMatchObject({ exitCode: 0, stdout: '' });
  expect(run.stderr).toMatch(/no files/);
  expect(server.logs).toEqual([]);
});

it('refuses a list that it cannot read', async () => {
  const run = await (await sandbox()).run([...push(), '--files-from', 'absent']);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
  expect(run.stderr).toMatch(/--files-from absent cannot be read/);
});

it('stops at the first failure with --fail-fast, and keeps what was sent', async () => {
  const box = await sandbox();
  const server = await testServer({
    faults: [
      { endpoint: 'part', part: 4, do: 'stall' },
      { endpoint: 'create', attempt: 2, do: 'status', status: 403, delayMs: 5000 },
    ],
  });
  for (const name of ['a', 'b', 'c']) await randomFile(box.path(name), 6 * PART, name);
  const flags = ['--fail-fast', '--cancel-on-interrupt', '--part-size', '64KiB', '--concurrency', '2', '--json'];
  const { exitCode, results, stderr } = await box.run([...push('a', 'b', 'c'), ...flags], server);
  expect(exitCode, stderr).toBe(4);
  // Two files begin at once: the one whose create came second is refused.
  const refused = results().findIndex(({ status }) => status === 'failed');
  const sending = 1 - refused;
  const ends = results().map(({ status, error }) => `${status}: ${error.reason}`);
  expect([ends[refused], ends[sending], ends[2]]).toEqual([
    'failed: http-403',
    'interrupted: fail-fast',
    'interrupted: fail-fast',
  ]);
  expect(results()[sending]).toMatchObject({ resumable: true });
  expect(server.requests('cancel')).toEqual([]);
  await server.restart();
  const again = await box.run([...push('a', 'b', 'c'), ...flags], server);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.results()[sending]?.['parts']).toMatchObject({
    total: 6,
    resumed: expect.toSatisfy(count => count > 0),
  });
});

/** A thousand names, of which 16 are bad by themselves; the last bad four are left to the server. */
async function manyFiles(box: Sandbox): Promise<readonly string[]> {
  const names = Array.from({ length: COUNT }, (_, index) => `file-${index}.txt`);
  for (const [index, name] of names.entries()) {
    const kind = index % APART === 7 && index < 16 * APART ? Object.keys(SAYS)[Math.floor(index / APART) % 4] : 'good';
    if (kind === 'directory') await mkdir(box.path(name));
    else if (kind === 'huge') await sparseFile(box.path(name), 8 * GiB + 1);
    else if (kind !== 'missing') await box.write(name, kind === 'empty' ? '' : `${index}`);
  }
  return names;
}
