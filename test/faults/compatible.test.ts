import { expect, it } from 'vitest';
import type { Fault, ServerOptions } from '../../src/server/server.ts';
import { KiB, MiB, md5OfFile, randomFile, sparseFile } from '../support/files.ts';
import { place, pushArgs, resultOf, run } from './scene.ts';

type Difference = {
  readonly name: string;
  readonly options?: Partial<ServerOptions>;
  readonly fault?: Fault;
  readonly bytes?: number;
  readonly partSize?: number;
  readonly concurrency?: number;
  readonly exit: number;
  /** The flag of the hint, and a word of the server's own that must be told. */
  readonly flag: string;
  readonly says: string;
};

const refuse = (endpoint: 'part' | 'complete', status: number, body: Record<string, unknown>): Fault => ({
  ...{ endpoint, do: 'status', status, body },
});

// As observed at servers that speak this API and differ (uploads-api.md, 9).
const differences: readonly Difference[] = [
  {
    name: 'takes two bodies at once',
    options: { maxInflight: 2, bytesPerSecond: 64 * KiB },
    concurrency: 8,
    exit: 5,
    flag: '--concurrency 1',
    says: 'Too many parts',
  },
  {
    name: 'takes parts of at most 16 MiB',
    fault: refuse('part', 413, { detail: 'Chunk exceeds 16777216 bytes' }),
    bytes: 40 * MiB,
    partSize: 20 * MiB,
    exit: 6,
    flag: '--part-size 16MiB',
    says: 'Chunk exceeds 16777216 bytes',
  },
  {
    name: 'answers a large part with a proxy’s page',
    fault: { endpoint: 'part', do: 'status', status: 413, body: '<html><h1>413 Request Entity Too Large</h1></html>' },
    bytes: 40 * MiB,
    partSize: 20 * MiB,
    exit: 6,
    flag: '--part-size 16MiB',
    says: '413 Request Entity Too Large',
  },
  {
    name: 'wants parts of at least 5 MiB',
    fault: refuse('part', 400, {
      detail: { message: 'A part must be at least 5242880 bytes', code: 'part_too_small' },
    }),
    exit: 6,
    flag: '--part-size 8MiB',
    says: 'A part must be at least 5242880 bytes',
  },
  {
    name: 'wants the parts in the order of their arrival',
    fault: refuse('complete', 400, { error: { message: 'part_ids do not match the parts', param: 'part_ids' } }),
    concurrency: 4,
    exit: 6,
    flag: '--concurrency 1',
    says: 'part_ids do not match the parts',
  },
  {
    name: 'reads another form of md5',
    fault: refuse('complete', 400, { error: { message: 'Invalid checksum', param: 'md5', code: 'md5_mismatch' } }),
    exit: 7,
    flag: '--no-md5',
    says: 'Invalid checksum',
  },
];

it.each(differences)('names the flag for a server that $name', async difference => {
  const { options, fault, bytes = 512 * KiB, partSize = 64 * KiB, concurrency = 1, exit, flag, says } = difference;
  const here = await place(fault ? [fault] : [], options);
  const path = await sparseFile(here.box.path('f.bin'), bytes, 64 * KiB);
  const args = pushArgs(path, partSize, '--concurrency', String(concurrency), '--retries', '0');
  // The command's own process where the file is large: its digest is a thread's.
  const ended = bytes > 4 * MiB ? await here.box.run(args, { env: here.server.env }) : await run(here, args);
  expect(ended.exitCode, ended.stderr).toBe(exit);
  const error = resultOf(ended)?.['error'];
  expect(error?.hint).toContain(flag);
  expect(error?.message).toContain(says);
  expect(await here.server.files()).toEqual([]);
});

it.each([
  ['answers complete with the bare File', { completeAnswersFile: true }, []],
  ['counts orphans', { countOrphans: true }, [{ endpoint: 'part', part: 2, attempt: 1, do: 'lose-reply' }]],
  [
    'counts orphans and answers with the bare File',
    { countOrphans: true, completeAnswersFile: true },
    [{ endpoint: 'part', part: 2, attempt: 1, do: 'truncate-reply' }],
  ],
  ['takes three bodies at once', { maxInflight: 3 }, []],
] as const)('uploads to a server that %s', async (_name, options, faults) => {
  const here = await place(faults, options);
  const path = await randomFile(here.box.path('f.bin'), 512 * KiB);
  const ended = await run(here, pushArgs(path, 64 * KiB, '--concurrency', '4'));
  expect(ended.exitCode, ended.stderr).toBe(0);
  const files = await here.server.files();
  expect(files).toHaveLength(1);
  expect(await here.server.md5(files[0]?.['id'])).toBe(await md5OfFile(path));
});
