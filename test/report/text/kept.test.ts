import { expect, it } from 'vitest';
import { noProgress, reduce } from '../../../src/report/progress/progress.ts';
import type { NamedProgress } from '../../../src/report/progress/progress-by-file.ts';
import { keptLine } from '../../../src/report/text/kept.ts';

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
  expect(keptLine([sent(3)], 61_000)).toBe('kept 3 MiB of 4 MiB for 58 minutes; parts in flight are sent again');
  expect(keptLine([sent(1)], HOUR_MS - 30_000)).toBe(
    'kept 1 MiB of 4 MiB for 30 seconds; parts in flight are sent again',
  );
});

it('sums up several files, by the first that expires', () => {
  expect(keptLine([sent(3), sent(1, HOUR_MS / 2), sent(0)], 0)).toBe(
    'kept 4 MiB of 8 MiB in 2 files for 30 minutes; parts in flight are sent again',
  );
});

it('says nothing where nothing was uploaded, or it is too late', () => {
  expect(keptLine([], 0)).toBeUndefined();
  expect(keptLine([['new.jsonl', noProgress(0)], sent(0)], 0)).toBeUndefined();
  expect(keptLine([sent(2)], HOUR_MS)).toBeUndefined();
});
