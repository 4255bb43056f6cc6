import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import type { Manifest, ManifestRecord } from '../../../src/core/model/manifest.ts';
import { readJournal, sealRecord } from '../../../src/io/state/journal-records.ts';
import { figures } from '../../support/torture.ts';

const PARTS = 6;
const PART = 1000;

const header: ManifestRecord = {
  type: 'upload',
  version: 1,
  path: '/data/Käse 🧀.jsonl',
  fingerprint: { dev: '1', ino: '2', size: PARTS * PART - 1, mtimeNs: '3', ctimeNs: '4' },
  destination: { kind: 'openai', baseUrl: 'https://api.openai.com/v1', organization: 'org', project: 'proj' },
  request: { filename: 'Käse 🧀.jsonl', purpose: 'batch', bytes: PARTS * PART - 1, mimeType: 'application/jsonl' },
  partSize: PART,
  md5: true,
  uploadId: 'upload_abc',
  createdAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_003_600_000,
};
const part = (number: number): ManifestRecord => ({
  type: 'part',
  number,
  id: `part_${number}`,
  size: number === PARTS ? PART - 1 : PART,
  digest: (number * 0x11111111).toString(16).padStart(8, '0'),
});
const records: readonly ManifestRecord[] = [
  header,
  ...[2, 1, 3, 5, 4, 6].map(part),
  { type: 'completing' },
  { type: 'refused' },
  { type: 'source', path: '/elsewhere/x', fingerprint: header.fingerprint },
  { type: 'completing' },
  { type: 'completed', md5: 'd41d8cd98f00b204e9800998ecf8427e', file: { id: 'file-1', bytes: PARTS * PART - 1 } },
];
const lines = records.map(sealRecord);
const whole = Buffer.from(lines.join(''));
const ends = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('')));

it('reads a whole journal', () => {
  const reading = read(whole);
  expect(reading.trustedBytes).toBe(whole.length);
  expect(reading.manifest).toMatchObject({
    path: '/elsewhere/x',
    uploadId: 'upload_abc',
    completing: false,
    completed: { file: { id: 'file-1' } },
  });
  expect([...reading.manifest.finished.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('trusts the whole lines of a journal that is cut anywhere', () => {
  for (let length = 0; length <= whole.length; length += 1) {
    const trusted = ends.findLastIndex(end => end <= length) + 1;
    expectPrefix(whole.subarray(0, length), trusted, `cut at ${length}`);
  }
  figures(`torn journals: cut at each of ${whole.length + 1} offsets, 0 crashes, 0 wrong ids`);
});

it('trusts the lines before a flipped byte, whatever it became', () => {
  let flips = 0;
  for (let at = 0; at < whole.length; at += 1) {
    const line = ends.findIndex(end => at < end);
    for (const mask of masksAt(at)) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ mask;
      expectPrefix(flipped, line, `byte ${at} ^ ${mask}`);
      flips += 1;
    }
  }
  figures(`flipped journals: ${flips} flips over ${whole.length} bytes, 0 crashes, 0 wrong ids`);
});

it('never throws on bytes that are no journal', () => {
  for (const text of [
    '',
    '\n',
    '\n\n\n',
    'null\n',
    '{}\n',
    `${'0'.repeat(8)} {}\n`,
    seal('null'),
    seal('[]'),
    seal('7'),
  ])
    expect(readJournal(Buffer.from(text)).kind).toBe('unreadable');
  expect(readJournal(Buffer.from(lines.slice(1).join(''))).kind).toBe('unreadable');
});

it('ends the trust at a record that contradicts the header', () => {
  const wrong: readonly ManifestRecord[] = [
    { type: 'part', number: 1, id: 'part_x', size: PART - 1, digest: '00000000' },
    { type: 'part', number: PARTS + 1, id: 'part_x', size: PART, digest: '00000000' },
    { type: 'part', number: PARTS, id: 'part_x', size: PART, digest: '00000000' },
    { ...header, uploadId: 'upload_other' } as ManifestRecord,
  ];
  for (const record of wrong) {
    const { manifest, trustedBytes } = read(Buffer.from([lines[0], lines[1], sealRecord(record), lines[2]].join('')));
    expect(trustedBytes).toBe(ends[1]);
    expect([...manifest.finished.keys()]).toEqual([2]);
  }
});

it('has no room for a part behind the last one', () => {
  const even = { ...header, request: { ...header.request, bytes: 2 * PART } } as ManifestRecord;
  const beyond: ManifestRecord = { type: 'part', number: 3, id: 'part_x', size: 0, digest: '00000000' };
  expect(read(Buffer.from(sealRecord(even) + sealRecord(beyond))).manifest.finished.size).toBe(0);
});

it('lets the later of two records of one part win', () => {
  const again: ManifestRecord = { type: 'part', number: 2, id: 'part_2b', size: PART, digest: 'ffffffff' };
  const { manifest } = read(Buffer.from([lines[0], lines[1], sealRecord(again)].join('')));
  expect(manifest.finished.get(2)?.id).toBe('part_2b');
});

it('names the version of a newer journal, even one whose header it does not understand', () => {
  expect(readJournal(Buffer.from(seal('{"type":"upload","version":3,"all":"new"}')))).toEqual({
    kind: 'newer',
    version: 3,
  });
  expect(readJournal(Buffer.from(sealRecord({ ...header, version: 7 } as never)))).toEqual({
    kind: 'newer',
    version: 7,
  });
});

it('reads 8,000 parts', () => {
  const bytes = 8000 * PART;
  const large = { ...header, request: { ...header.request, bytes } } as ManifestRecord;
  const many = Array.from({ length: 8000 }, (_, index) =>
    sealRecord({ type: 'part', number: index + 1, id: `part_${index}`, size: PART, digest: '00000000' }),
  );
  const startedAtMs = performance.now();
  expect(read(Buffer.from([sealRecord(large), ...many].join(''))).manifest.finished.size).toBe(8000);
  figures(`journal of 8,000 parts: read in ${Math.round(performance.now() - startedAtMs)} ms`);
});

/** All of the first `count` records and nothing else. */
function expectPrefix(bytes: Buffer, count: number, what: string): void {
  const reading = readJournal(bytes);
  if (count === 0) {
    if (reading.kind !== 'unreadable') expect.fail(`${what}: ${reading.kind}`);
    return;
  }
  if (reading.kind !== 'manifest') expect.fail(`${what}: ${reading.kind}`);
  if (reading.trustedBytes !== ends[count - 1]) expect.fail(`${what}: trusts ${reading.trustedBytes} bytes`);
  expectIds(reading.manifest, records.slice(0, count), what);
}

function expectIds(manifest: Manifest, written: readonly ManifestRecord[], what: string): void {
  const expected = new Map(
    written.flatMap(record => (record.type === 'part' ? [[record.number, record.id]] : [])) as [number, string][],
  );
  const actual = new Map([...manifest.finished].map(([number, { id }]) => [number, id as string]));
  if (actual.size !== expected.size || [...expected].some(([number, id]) => actual.get(number) !== id))
    expect(actual, what).toEqual(expected);
}

// Each byte once to something else, and those around a line's end in every way that one bit can flip.
const masksAt = (at: number): readonly number[] =>
  ends.some(end => Math.abs(at - end) <= 10) ? [1, 2, 4, 8, 16, 32, 64, 128, 255] : [1 << (at % 8)];

const seal = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;

function read(bytes: Buffer) {
  const reading = readJournal(bytes);
  if (reading.kind !== 'manifest') throw new Error(reading.kind);
  return reading;
}
