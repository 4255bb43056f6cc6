import { createHash, randomInt } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { CheckRequest } from '../../../src/core/model/check.ts';
import type { ChecksumKind } from '../../../src/core/model/checksum.ts';
import type { Part } from '../../../src/core/model/part.ts';
import type { Source } from '../../../src/core/ports.ts';
import { createReader, type ThreadPrograms } from '../../../src/io/read/file-reader.ts';
import { openFileSource } from '../../../src/io/source/file-source.ts';
import { MiB, randomFile } from '../../support/files.ts';
import { xxh64 } from '../../support/xxh64.ts';

const built = (name: string) => new URL(`../../../dist/${name}.cjs`, import.meta.url);
const programs: ThreadPrograms = {
  pass: built('digest-worker'),
  md5: built('md5-worker'),
  range: built('range-worker'),
};
const never = new AbortController().signal;

/** Large enough for threads. */
const SIZE = 65 * MiB + 7;
const HASHED_IN_THREADS = 5 * MiB + 7;
let folder: string;
let path: string;
let content: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-'));
  path = await randomFile(join(folder, 'f.bin'), SIZE);
  content = await readFile(path);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As a run opens it, whose files are read by a thread or not. */
async function opened(at: string, thread: boolean) {
  const reader = createReader(programs, () => Promise.reject(new Error('no check was expected')));
  const source = await openFileSource(at, reader.readFile);
  if (thread) source.prepare({ md5: false, check: undefined });
  onTestFinished(async () => {
    await source.close().catch(() => {});
    reader.close();
  });
  return { reader, source };
}

/** Takes all bytes as a connection does, sometimes late. */
async function take({ bytes, digest }: ReturnType<Source['read']>) {
  const taken: Buffer[] = [];
  for await (const chunk of bytes) {
    if (randomInt(3) === 0) await setImmediate();
    taken.push(Buffer.from(chunk));
  }
  return { bytes: Buffer.concat(taken), digest: digest() };
}

const part = (offset: number, size: number, number = 1): Part => ({ number, offset, size });
const range = fc
  .tuple(fc.nat({ max: SIZE - 1 }), fc.nat({ max: 3 * MiB }))
  .map(([offset, size]) => part(offset, Math.min(size, SIZE - offset)));

const digestOf = (kind: ChecksumKind, bytes: Buffer): string =>
  kind === 'xxh64' ? xxh64(bytes) : crc32(bytes).toString(16).padStart(8, '0');

describe.each([
  { where: 'in a thread', thread: true },
  { where: 'in this one', thread: false },
])('read $where', ({ thread }) => {
  it.each([
    'crc32',
    'xxh64',
  ] as const)('ranges come whole, in order and with their %s, however many at once', async kind => {
    const { source } = await opened(path, thread);
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 9 }), async ranges => {
        const all = await Promise.all(ranges.map(range => take(source.read(range, kind))));
        for (const [index, { offset, size }] of ranges.entries()) {
          const expected = content.subarray(offset, offset + size);
          expect(all[index]?.bytes.equals(expected)).toBe(true);
          expect(all[index]?.digest).toBe(digestOf(kind, expected));
        }
      }),
      { numRuns: kind === 'crc32' ? 30 : 8 },
    );
  });

  it('a range that is given up disturbs no other, and the file can be closed', async () => {
    const { source } = await opened(path, thread);
    for (let round = 0; round < 20; round += 1) {
      const other = take(source.read(part(round, 5 * MiB), 'crc32'));
      for await (const chunk of source.read(part(0, SIZE), 'crc32').bytes) if (chunk.length > 0) break;
      expect((await other).digest).toBe(digestOf('crc32', content.subarray(round, round + 5 * MiB)));
    }
    await source.close();
  });

  it('a range that was never begun keeps nobody from closing', async () => {
    const { source } = await opened(path, thread);
    source.read(part(0, MiB), 'crc32');
    await source.close();
  });

  it('ends with an error, never short, where the file got shorter', async () => {
    const shrinking = await randomFile(join(folder, 'shrinking.bin'), SIZE);
    const { source } = await opened(shrinking, thread);
    await using file = await open(shrinking, 'r+');
    await file.truncate(64 * MiB);
    await expect(take(source.read(part(60 * MiB, 5 * MiB), 'crc32'))).rejects.toMatchObject({
      code: 'SOURCE',
      reason: 'changed-while-sent',
      message: expect.stringContaining(`ends at byte ${64 * MiB} now`),
    });
    expect((await take(source.read(part(60 * MiB, MiB), 'crc32'))).bytes.length).toBe(MiB);
  });

  it('names the file that the system does not let it read', async () => {
    const reader = createReader(programs, () => Promise.reject(new Error('no check was expected')));
    // Opened for writing only: a read fails as it does on a disk that is broken.
    const file = await open(path, 'a');
    const reading = reader.readFile({ file, path, bytes: SIZE, arrival: undefined });
    onTestFinished(() => reading.close().finally(reader.close));
    if (thread) reading.prepare({ md5: false, check: undefined });
    const failure = {
      code: 'SOURCE',
      exitCode: 3,
      reason: 'unreadable',
      message: expect.stringMatching(/f\.bin cannot be read: EBADF: bad file descriptor, read/),
    };
    await expect(take(reading.read(part(0, 2 * MiB), 'crc32'))).rejects.toMatchObject(failure);
    for (const md5 of [true, false])
      await expect(reading.digest({ parts: [part(0, SIZE)], md5, checksum: 'crc32' }, never)).rejects.toMatchObject(
        failure,
      );
  });
});

it('whoever reads is told when the thread ends', async () => {
  const { source, reader } = await opened(path, true);
  const reading = source.read(part(0, SIZE), 'crc32').bytes[Symbol.asyncIterator]();
  await reading.next();
  reader.close();
  await expect(
    (async () => {
      for (let next = await reading.next(); !next.done; next = await reading.next());
    })(),
  ).rejects.toThrow('the thread that reads has ended');
  await expect(take(source.read(part(0, MiB), 'crc32'))).rejects.toThrow('the thread that reads has ended');
  await source.close();
});

const CHECK: CheckRequest = {
  filename: 'f.jsonl',
  purpose: 'batch',
  bytes: SIZE,
  firstLine: 1,
  service: 'openai',
  strict: false,
  warnOnly: true,
  maxFindings: 10,
};

describe.each([
  ['md5 in the thread that reads', undefined],
  ['md5 in a thread beside the check', CHECK],
] as const)('a pass in threads, %s', (_, request) => {
  it.each(['prepared', 'not prepared', 'prepared for the other kind'])('%s', async preparation => {
    const bytes = content.subarray(0, HASHED_IN_THREADS);
    const start = join(folder, `start-${preparation}`);
    await writeFile(start, bytes);
    const { source } = await opened(start, false);
    if (preparation === 'prepared') source.prepare({ md5: true, check: request });
    if (preparation === 'prepared for the other kind')
      source.prepare({ md5: true, check: request ? undefined : CHECK });
    const parts = [part(0, 3 * MiB, 1), part(3 * MiB, bytes.length - 3 * MiB, 2)];
    const digest = await source.digest({ parts, md5: true, checksum: 'xxh64', check: request }, never);
    expect(digest.md5).toBe(createHash('md5').update(bytes).digest('hex'));
    for (const { number, offset, size } of parts)
      expect(digest.parts.get(number)).toBe(xxh64(bytes.subarray(offset, offset + size)));
    expect(digest.check?.errors ?? 0)[request ? 'toBeGreaterThan' : 'toBe'](0);
  });
});
