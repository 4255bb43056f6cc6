import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { SCHEDULERS, shardInEnv } from '../../../src/core/shards/schedulers.ts';
import { parseShard, shardOfPath, shardsBySize } from '../../../src/core/shards/shard.ts';

const paths = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 200 });
const counts = fc.integer({ min: 1, max: 50 });

describe('16.15: by the path', () => {
  it('every file is in exactly one shard, and another list moves none', () => {
    fc.assert(
      fc.property(paths, paths, counts, (some, more, count) => {
        const shards = some.map(path => shardOfPath(path, count));
        for (const shard of shards) expect(shard >= 1 && shard <= count && Number.isInteger(shard)).toBe(true);
        const longer = [...more, ...some].map(path => shardOfPath(path, count));
        expect(longer.slice(more.length)).toEqual(shards);
      }),
    );
  });

  it('shares files about evenly', () => {
    const files = Array.from({ length: 20_000 }, (_, index) => `data/part-${String(index).padStart(5, '0')}.jsonl`);
    const sizes = new Map<number, number>();
    for (const file of files) sizes.set(shardOfPath(file, 8), (sizes.get(shardOfPath(file, 8)) ?? 0) + 1);
    expect([...sizes.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const size of sizes.values()) expect(Math.abs(size - 2500)).toBeLessThan(250);
  });

  it('stays as it is from version to version: a fleet may run two', () => {
    expect(['a.jsonl', 'data/b.pdf', 'ä', ''].map(path => shardOfPath(path, 100))).toMatchInlineSnapshot(`
      [
        95,
        29,
        13,
        67,
      ]
    `);
  });
});

test('16.15: by size every file is in one shard, and no shard has more than the largest file above another', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { maxLength: 100 }), counts, (sizes, count) => {
      const shards = [...shardsBySize(sizes, count)];
      expect(shards).toEqual([...shardsBySize(sizes, count)]);
      const bytes = Array.from({ length: count }, (_, at) =>
        sizes.reduce((sum, size, index) => sum + (shards[index] === at + 1 ? size : 0), 0),
      );
      expect(bytes.reduce((sum, each) => sum + each, 0)).toBe(sizes.reduce((sum, each) => sum + each, 0));
      expect(Math.max(...bytes) - Math.min(...bytes)).toBeLessThanOrEqual(Math.max(0, ...sizes));
    }),
  );
});

test('16.15: what --shard may be', () => {
  expect(['1/1', '3/8', 'auto', 'auto/8'].map(parseShard)).toEqual([
    { index: 1, count: 1 },
    { index: 3, count: 8 },
    { auto: true, count: undefined },
    { auto: true, count: 8 },
  ]);
  for (const text of ['', '0/8', '9/8', '3', '-1/8', '1/0', '1.5/8', 'auto/0', 'auto/x', '1/8/9', '1/9999999'])
    expect(parseShard(text), text).toBeUndefined();
});

describe('16.15: what schedulers tell', () => {
  test.each([
    [
      { SLURM_ARRAY_TASK_ID: '10', SLURM_ARRAY_TASK_MIN: '4', SLURM_ARRAY_TASK_STEP: '2', SLURM_ARRAY_TASK_COUNT: '5' },
      4,
      5,
    ],
    [{ SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' }, 1, 4],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '7' }, 1, 7],
    [{ CLOUD_RUN_TASK_INDEX: '6', CLOUD_RUN_TASK_COUNT: '7' }, 7, 7],
    [{ CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }, 2, 3],
    [{ CIRCLE_NODE_INDEX: '2', CIRCLE_NODE_TOTAL: '3' }, 3, 3],
    [{ BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '2' }, 1, 2],
  ])('%j', (env, index, count) => {
    expect(shardInEnv(env, undefined)).toEqual({ index, count });
    expect(shardInEnv(env, count)).toEqual({ index, count });
    expect(shardInEnv(env, count + 1)).toMatchObject({ trouble: 'unclear' });
  });

  test.each([
    [{ JOB_COMPLETION_INDEX: '3' }, 4],
    [{ AZ_BATCH_TASK_ID: '0' }, 1],
  ])('%j, which has no count', (env, index) => {
    expect(shardInEnv(env, undefined)).toMatchObject({ trouble: 'no count' });
    expect(shardInEnv(env, 8)).toEqual({ index, count: 8 });
    expect(shardInEnv(env, index - 1)).toMatchObject({ trouble: 'unclear' });
  });

  test('what cannot be told', () => {
    expect(shardInEnv({ CI_NODE_TOTAL: '1' }, 4)).toMatchObject({ trouble: 'no scheduler' });
    expect(shardInEnv({ JOB_COMPLETION_INDEX: '1', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, 4)).toEqual({
      trouble: 'many',
      of: 'JOB_COMPLETION_INDEX and CI_NODE_INDEX',
    });
    for (const value of ['x', '-1', '1e3', '9'])
      expect(shardInEnv({ CIRCLE_NODE_INDEX: value, CIRCLE_NODE_TOTAL: '4' }, undefined), value).toMatchObject({
        trouble: 'unclear',
      });
  });

  test('each has a source', () => {
    for (const { source } of SCHEDULERS) expect(URL.canParse(source)).toBe(true);
  });

  test('the page on fleets names them as they are', () => {
    const rows = readFileSync('docs/fleets.md', 'utf8')
      .split('\n')
      .filter(line => /^\| \[/.test(line));
    expect(rows).toHaveLength(SCHEDULERS.length);
    for (const [at, { name, source, index, first, step, count }] of SCHEDULERS.entries()) {
      expect(rows[at]).toContain(`[${name}](${source})`);
      const from = typeof first === 'number' ? `from ${first}` : `from \`${first}\``;
      for (const told of [`\`${index}\``, from, ...(step ? [`\`${step}\``] : []), count ? `\`${count}\`` : 'auto/n'])
        expect(rows[at]).toContain(told);
    }
  });
});

describe('13.16: shards exactly', () => {
  it.each([
    ['12/16', { index: 12, count: 16 }],
    ['1/100000', { index: 1, count: 100_000 }],
    ['auto/16', { auto: true, count: 16 }],
    ['auto', { auto: true, count: undefined }],
    ['12', undefined],
    ['1/100001', undefined],
    ['auto/0', undefined],
  ])('--shard %s', (text, choice) => expect(parseShard(text)).toEqual(choice));

  it('by size: the largest first, each where there is least so far, of those where there are fewest files', () => {
    expect([...shardsBySize([1, 5, 3, 4], 2)]).toEqual([1, 1, 2, 2]);
    expect([...shardsBySize([2, 2, 2, 2], 2)]).toEqual([1, 2, 1, 2]);
    expect([...shardsBySize([0, 0, 0, 0, 0, 0], 3)]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('what a scheduler says unclearly is named', () => {
    expect(shardInEnv({ CI_NODE_INDEX: 'x1', CI_NODE_TOTAL: '4' }, undefined)).toEqual({
      trouble: 'unclear',
      of: 'CI_NODE_INDEX=x1 of 4',
    });
    expect(shardInEnv({ CI_NODE_INDEX: '1x', CI_NODE_TOTAL: '4' }, undefined)).toMatchObject({ trouble: 'unclear' });
    expect(shardInEnv({}, undefined)).toEqual({
      trouble: 'no scheduler',
      of: SCHEDULERS.map(({ name }) => name).join(', '),
    });
  });
});
