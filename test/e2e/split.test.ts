import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { BROKEN, batchFile } from '../support/jsonl.ts';
import { type TestServer, testServer } from '../support/server.ts';

const LINES = 120;
const PUSH = ['push', 'data.jsonl', '--purpose', 'batch', '--json'] as const;

async function scene(text = batchFile(LINES)) {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await writeFile(box.path('data.jsonl'), text);
  return { box, server };
}

const contentOf = async (server: TestServer, ids: readonly string[]): Promise<Buffer> =>
  Buffer.concat(await Promise.all(ids.map(async id => readFile(await server.contentPath(id)))));

const expectWhole = async (box: Sandbox, server: TestServer, ids: readonly string[]): Promise<void> => {
  expect((await contentOf(server, ids)).equals(await readFile(box.path('data.jsonl')))).toBe(true);
  expect(await box.leftovers()).toEqual([]);
};

it('15.4: makes several Files of one, one id a line in order, whose concatenation is the file', async () => {
  const { box, server } = await scene();
  const run = await box.run(['push', 'data.jsonl', '--purpose', 'batch', '--split-lines', '50'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  const ids = run.stdout.trim().split('\n');
  expect(ids).toHaveLength(3);
  await expectWhole(box, server, ids);
  const names = await Promise.all(ids.map(async id => (await server.file(id))['filename']));
  expect(names).toEqual([1, 2, 3].map(number => `data-00${number}-of-003.jsonl`));
});

it('15.4: --json tells the range of each; limits of bytes and tokens hold', async () => {
  const { box, server } = await scene();
  const { size } = { size: Buffer.byteLength(batchFile(LINES)) };
  for (const flags of [
    ['--split-size', String(Math.ceil(size / 4))],
    ['--split-tokens', String(Math.ceil(size / 16))],
  ]) {
    const run = await box.run([...PUSH, ...flags], server);
    expect(run.exitCode, run.stderr).toBe(0);
    const ranges = run
      .results()
      .map(result => result['range'] as { start: number; end: number; first_line: number; lines: number });
    expect(ranges.length).toBeGreaterThanOrEqual(4);
    expect(ranges[0]).toMatchObject({ start: 0, first_line: 1 });
    expect(ranges.at(-1)?.end).toBe(size);
    expect(ranges.reduce((sum, { lines }) => sum + lines, 0)).toBe(LINES);
    for (const { start, end } of ranges) expect(end - start).toBeLessThanOrEqual(Math.ceil(size / 4));
    await expectWhole(
      box,
      server,
      run.results().map(result => String(result['file_id'])),
    );
  }
});

it('15.4: a file within the limits stays one', async () => {
  const { box, server } = await scene();
  const run = await box.run([...PUSH, '--split'], server);
  expect(run.results()).toMatchObject([{ filename: 'data.jsonl', status: 'completed' }]);
  expect(run.results()[0]).not.toHaveProperty('range');
});

it('15.4: --dry-run shows the pieces', async () => {
  const { box } = await scene();
  const run = await box.run([...PUSH, '--split-lines', '50', '--dry-run']);
  expect(run.results()).toHaveLength(3);
  expect(run.results()[1]).toMatchObject({ status: 'planned', range: { first_line: 51, lines: 50 } });
});

it('15.4: the same command goes on with the pieces that are missing', async () => {
  const { box, server } = await scene(batchFile(LINES, 5000));
  await server.restart({ faults: [{ endpoint: 'part', part: 2, do: 'status', status: 500 }] });
  const flags = ['--split-lines', '50', '--part-size', '100KiB', '--concurrency', '1', '--retries', '0'];
  const first = await box.run([...PUSH, ...flags], server);
  expect(first.exitCode, first.stderr).toBe(5);
  expect(first.results().map(({ status }) => status)).toContain('failed');
  await server.restart();
  const again = await box.run([...PUSH, ...flags], server);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.results().some(result => Number(result['bytes_skipped']) > 0)).toBe(true);
  await expectWhole(
    box,
    server,
    again.results().map(result => String(result['file_id'])),
  );
});

it('15.4: resume --all goes on with the pieces too', async () => {
  const { box, server } = await scene(batchFile(LINES, 5000));
  await server.restart({ faults: [{ endpoint: 'part', part: 2, do: 'status', status: 500 }] });
  const flags = ['--split-lines', '50', '--part-size', '100KiB', '--concurrency', '1', '--retries', '0'];
  await box.run([...PUSH, ...flags], server);
  await server.restart();
  const resumed = await box.run(['resume', '--all', '--json'], server);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  const sorted = resumed
    .results()
    .toSorted((one, other) => String(one['filename']).localeCompare(String(other['filename'])));
  await expectWhole(
    box,
    server,
    sorted.map(result => String(result['file_id'])),
  );
});

it('15.4: an error is told with its line in the whole file, and its piece is not completed', async () => {
  const { box, server } = await scene(batchFile(70) + BROKEN);
  const run = await box.run([...PUSH, '--split-lines', '50'], server);
  expect(run.exitCode, run.stderr).toBe(3);
  expect(run.results()).toMatchObject([
    { status: 'completed' },
    { status: 'failed', check: { findings: [{ line: 71 }] } },
  ]);
  expect(await server.files()).toHaveLength(1);
});
