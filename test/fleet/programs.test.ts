import { readdir, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { linesOf } from '../support/cli.ts';
import { isInstalled } from '../support/typing.ts';
import { fleet, ODD_NAMES, recipe, sorted } from './scene.ts';

it.skipIf(!isInstalled('xargs'))(
  '16.18: xargs pushes each file of the list once, whatever its name, and ends with 123 where one fails',
  async () => {
    const { box, run, uploaded } = await fleet(['gone.txt', ...ODD_NAMES]);
    await rm(box.path('gone.txt'));
    const pushed = await run(recipe('xargs'));
    expect(pushed.exitCode, pushed.stderr).toBe(123);
    const paths = linesOf(pushed.stdout).map(line => line.replace(/^file-\w+ /, ''));
    expect(sorted(paths)).toEqual(sorted(ODD_NAMES));
    expect(await uploaded()).toEqual(sorted(ODD_NAMES));
    expect(await readdir(box.work)).not.toContain('pwned');
  },
);

it.skipIf(!isInstalled('parallel'))(
  '16.18: GNU parallel pushes each file once, and run again only those that failed',
  async () => {
    const { box, run, uploaded } = await fleet(ODD_NAMES);
    await rm(box.path('a b.txt'));
    const first = await run(recipe('--resume-failed'));
    expect(first.exitCode, first.stderr).toBe(1);
    expect(await uploaded()).toEqual(sorted(ODD_NAMES.filter(name => name !== 'a b.txt')));
    await box.write('a b.txt', 'here it is\n');
    const again = await run(recipe('--resume-failed'));
    expect(again.exitCode, again.stderr).toBe(0);
    expect(again.results()).toMatchObject([{ status: 'completed', path: 'a b.txt' }]);
    expect(await uploaded()).toEqual(sorted(ODD_NAMES));
    expect(await readdir(box.work)).not.toContain('pwned');
  },
);

it.skipIf(!isInstalled('jq'))('16.17: jq makes one report of the JSON lines of all shards', async () => {
  const { box, run } = await fleet(['one.txt', 'two.txt', 'gone.txt', 'empty.txt', 'three.txt']);
  await rm(box.path('gone.txt'));
  await box.write('empty.txt', '');
  const report = await run(recipe('jq -s'));
  expect(report.exitCode, report.stderr).toBe(0);
  expect(JSON.parse(report.stdout)).toEqual({
    files: 5,
    uploaded: 3,
    bytes: 3 * 'the text of '.length + 'one.txttwo.txtthree.txt'.length + 3,
    failed: [
      { path: 'empty.txt', code: 'SOURCE', reason: 'empty' },
      { path: 'gone.txt', code: 'SOURCE', reason: 'not-found' },
    ],
  });
});
