import { expect, it } from 'vitest';
import { noProgress, reduce } from '../../../src/report/progress/progress.ts';
import type { NamedProgress } from '../../../src/report/progress/progress-by-file.ts';
import { keptOf } from '../../../src/report/text/kept.ts';

const MiB = 1024 ** 2;
const HOUR_MS = 3_600_000;

/** A file of 4 MiB of which some parts of 1 MiB are uploaded. */
const sent = (parts: number, expiresAtMs = HOUR_MS): NamedProgress => {
  const events = [
    { type: 'upload.planned', bytes: 4 * MiB, parts: 4, partSize: MiB },
    { type: 'upload.created', uploadId: 'upload_1', expiresAtMs },
    ...Array.from({ length: parts }, (_, index) => ({
      type: 'part.finished',
      part: index + 1,
      attempt: 1,
      size: MiB,
      partId: 'part_1',
    })),
  ] as Parameters<typeof reduce>[1][];
  return ['data.jsonl', events.reduce((progress, event) => reduce(progress, event, 0), noProgress(0))];
};

it('says how much is kept and how long it can be resumed', () => {
  expect(keptOf([sent(3)], 61_000)?.line).toBe('kept 3 MiB of 4 MiB for 58 minutes; parts in flight are sent again');
  expect(keptOf([sent(1)], HOUR_MS - 30_000)?.line).toBe(
    'kept 1 MiB of 4 MiB for 30 seconds; parts in flight are sent again',
  );
});

it('sums up several files, by the first that expires', () => {
  expect(keptOf([sent(3), sent(1, HOUR_MS / 2), sent(0)], 0)).toEqual({
    line: 'kept 4 MiB of 8 MiB in 2 files for 30 minutes; parts in flight are sent again',
    isSome: true,
  });
});

it('says that nothing is kept where no part was finished', () => {
  const nothing = { line: 'nothing is kept: no part was finished', isSome: false };
  expect(keptOf([['new.jsonl', noProgress(0)], sent(0)], 0)).toEqual(nothing);
  expect(keptOf([['new.jsonl', reduce(noProgress(0), { type: 'upload.creating' }, 0)]], 0)).toEqual(nothing);
});

it('says nothing where it is not known yet what an earlier run kept, or it is too late', () => {
  expect(keptOf([], 0)).toBeUndefined();
  expect(keptOf([['new.jsonl', noProgress(0)]], 0)).toBeUndefined();
  expect(keptOf([sent(2)], HOUR_MS)).toBeUndefined();
});
