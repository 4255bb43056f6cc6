import { expect, it, test } from 'vitest';
import { thisMany } from '../../../src/commands/context/open-reporter.ts';
import { UploadError } from '../../../src/core/errors/errors.ts';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import { noProgress, reduce } from '../../../src/report/progress/progress.ts';
import { createBook } from '../../../src/report/progress/progress-by-file.ts';
import { span } from '../../../src/report/text/format.ts';
import { closingLine, summaryLine } from '../../../src/report/text/summary.ts';

const DAY_MS = 86_400_000;
const MiB = 1024 ** 2;

const planned: TransferEvent = { type: 'upload.planned', bytes: MiB, parts: 1, partSize: MiB };
const finished: TransferEvent = { type: 'part.finished', part: 1, size: MiB, partId: 'part_1' };
const completed: TransferEvent = { type: 'upload.completed', uploadId: 'upload_1', fileId: 'file-abc' };

const line = (end: TransferEvent): string => {
  const events = [planned, finished, end];
  return summaryLine(
    'a.jsonl',
    events.reduce((known, event) => reduce(known, event, 0), noProgress(0)),
    1000,
    true,
  );
};

it('says that the server verified the md5, and when the File expires', () => {
  expect(line(completed)).toBe('✓ a.jsonl → file-abc  1 MiB in 1 s (1 MiB/s)');
  expect(line({ ...completed, md5: 'd41d8cd98f00b204e9800998ecf8427e', fileExpiresAtMs: 30 * DAY_MS + 1000 })).toBe(
    '✓ a.jsonl → file-abc  1 MiB in 1 s (1 MiB/s), md5 verified by the server, expires in 30 days',
  );
  // Half a minute went by while the rest was told.
  expect(line({ ...completed, fileExpiresAtMs: 30 * DAY_MS - 30_000 })).toContain('expires in 30 days');
});

test('the closing line counts what is uploaded and what failed; an interrupted file is neither', () => {
  const book = createBook(() => 0);
  const fail = (path: string, error: UploadError): void => {
    book.apply(path, planned);
    book.fail(path, error);
  };
  for (const event of [planned, finished, completed]) book.apply('a', event);
  expect(closingLine(book.totals(thisMany(2000)()), 61_000)).toBe('1 of 2,000 files uploaded, 1 MiB in 1 m 1 s');
  fail('b', new UploadError('SOURCE', 'it is empty', { reason: 'empty' }));
  fail('c', new UploadError('INTERRUPTED', 'interrupted by SIGINT', { reason: 'sigint' }));
  expect(closingLine(book.totals(thisMany(3)()), 61_000)).toBe('1 of 3 files uploaded, 1 failed, 1 MiB in 1 m 1 s');
  for (const path of ['a', 'b', 'c']) book.end(path);
  expect(closingLine(book.totals(thisMany(3)()), 61_000)).toBe('1 of 3 files uploaded, 1 failed, 1 MiB in 1 m 1 s');
});

test('a time left is in one unit, never longer than it is', () => {
  expect([1500, 119_000, 120_000, 3_599_000, 47 * 3_600_000, 2 * DAY_MS].map(span)).toEqual([
    '1 second',
    '119 seconds',
    '2 minutes',
    '59 minutes',
    '47 hours',
    '2 days',
  ]);
});
