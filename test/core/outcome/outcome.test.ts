import { describe, expect, it } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { earlierFailure, exitCodeOf } from '../../../src/core/outcome/first-failure.ts';
import {
  failedCommand,
  noPlans,
  type PushResult,
  rangeField,
  resultError,
  withPlan,
} from '../../../src/core/outcome/result.ts';
import { fieldOf, parseFormat } from '../../../src/core/outcome/result-format.ts';
import { createEventTeller, type UploadEvent } from '../../../src/core/outcome/upload-event.ts';

describe('the exit code', () => {
  const [early, late] = [
    { index: 1, exitCode: 3 },
    { index: 2, exitCode: 5 },
  ];
  it('is that of the first file that did not complete', () => {
    expect(earlierFailure(early, late)).toBe(early);
    expect(earlierFailure(late, early)).toBe(early);
    expect(earlierFailure(undefined, late)).toBe(late);
    expect(earlierFailure(early, undefined)).toBe(early);
    expect(earlierFailure(undefined, undefined)).toBeUndefined();
    expect(exitCodeOf(late)).toBe(5);
    expect(exitCodeOf(undefined)).toBe(0);
  });
});

describe('a result', () => {
  const planned = (bytes: number | null, total: number) =>
    ({ status: 'planned', bytes, parts: { total, sent: 0, resumed: 0, changed: 0 } }) as PushResult;
  const failed = { status: 'failed', bytes: 7, parts: { total: 3 } } as PushResult;

  it('of a plan is summed, one that failed is counted', () => {
    const sum = [planned(10, 2), failed, planned(null, 1), planned(5, 1)].reduce(withPlan, noPlans);
    expect(sum).toEqual({ files: 3, failed: 1, bytes: 15, parts: 4 });
  });
  it('says why, with null where nothing is known', () => {
    const known = { code: 'AUTH', reason: 'http-401', message: 'm', exit_code: 4 };
    expect(resultError(new UploadError('AUTH', 'm', { reason: 'http-401' }))).toEqual({
      ...known,
      hint: null,
      http_status: null,
      request_id: null,
    });
    const details = { reason: 'http-401', hint: 'h', httpStatus: 401, requestId: 'r' } as const;
    expect(resultError(new UploadError('AUTH', 'm', details))).toEqual({
      ...known,
      hint: 'h',
      http_status: 401,
      request_id: 'r',
    });
  });
  it('of a command that did not begin says nothing of a file', () => {
    const nothing = {
      path: null,
      file_id: null,
      upload_id: null,
      filename: null,
      purpose: null,
      bytes: null,
      md5: null,
    };
    const counts = { parts: { total: 0, sent: 0, resumed: 0, changed: 0 }, bytes_sent: 0, bytes_skipped: 0 };
    const rest = { bytes_resent: 0, retries: 0, duration_ms: 0, file: null, resumable: false };
    const error = new UploadError('USAGE', 'm', { reason: 'usage' });
    expect(failedCommand(error)).toEqual({
      status: 'failed',
      ...nothing,
      ...counts,
      ...rest,
      error: resultError(error),
    });
    expect(failedCommand(new UploadError('INTERRUPTED', 'm', { reason: 'sigint' })).status).toBe('interrupted');
  });
  it('of a piece names its lines', () => {
    expect(rangeField(undefined)).toEqual({});
    expect(rangeField({ start: 1, end: 9, firstLine: 2, lines: 3 })).toEqual({
      range: { start: 1, end: 9, first_line: 2, lines: 3 },
    });
  });
});

describe('--format', () => {
  it.each(['json', 'csv', 'tsv'] as const)('%s is a kind of table', kind => expect(parseFormat(kind)).toBe(kind));
  it('is a line with fields and escapes in it', () => {
    expect(parseFormat('')).toBeUndefined();
    expect(parseFormat('{id}\\t{path} \\x{\\n\\\\')).toEqual([
      { field: 'file_id' },
      '\t',
      { field: 'path' },
      ' ',
      '\\',
      'x',
      '{',
      '\n',
      '\\',
    ]);
  });
  it.each(['{nothing}', '{}', '{file}', '{ID}'])('knows no %s', text => {
    const message = `--format: a result has no field ${text}`;
    const hint = expect.stringMatching(/^fields are id, status, path, .*, error\.request_id$/);
    expect(() => parseFormat(text)).toThrow(expect.objectContaining({ code: 'USAGE', message, hint }));
  });
  it('prints what is within, and nothing for what is not known', () => {
    const result = { bytes: 0, md5: null, parts: { total: 3 }, resumable: false } as PushResult;
    expect(fieldOf(result, 'bytes')).toBe('0');
    expect(fieldOf(result, 'md5')).toBe('');
    expect(fieldOf(result, 'parts.total')).toBe('3');
    expect(fieldOf(result, 'resumable')).toBe('false');
    expect(fieldOf(result, 'error.code')).toBe('');
  });
});

describe('events for programs', () => {
  it('have their fields in the words of results, and those that come in swarms come ten a second', () => {
    let nowMs = Date.UTC(2025, 0, 1);
    const told: UploadEvent[] = [];
    const { event, failed } = createEventTeller(
      one => told.push(one),
      () => nowMs,
    );
    const progress = (part: number, sent: number, path = 'a') =>
      event(path, { type: 'part.progress', part, attempt: 1, sent });
    const at = '2025-01-01T00:00:00.000Z';
    event('a', { type: 'upload.created', uploadId: 'u', expiresAtMs: 1 });
    progress(1, 1);
    progress(2, 2);
    progress(1, 3, 'b');
    event('a', { type: 'digest.progress', hashed: 1 });
    event('a', { type: 'stdin.progress', received: 1 });
    event('a', { type: 'stdin.progress', received: 2 });
    event('a', { type: 'content.progress', received: 1, bytes: 9 });
    event('a', { type: 'content.progress', received: 2, bytes: 9 });
    nowMs += 100;
    progress(1, 4);
    event('a', {
      type: 'request.retrying',
      endpoint: 'part',
      attempt: 2,
      delayMs: 5,
      error: { reason: 'http-503', message: 'm', httpStatus: 503 },
    });
    failed('a', new UploadError('AUTH', 'm', { reason: 'http-401' }));
    const later = '2025-01-01T00:00:00.100Z';
    expect(told).toEqual([
      { type: 'upload.created', at, path: 'a', upload_id: 'u', expires_at_ms: 1 },
      { type: 'part.progress', at, path: 'a', part: 1, attempt: 1, sent: 1 },
      { type: 'part.progress', at, path: 'b', part: 1, attempt: 1, sent: 3 },
      { type: 'digest.progress', at, path: 'a', hashed: 1 },
      { type: 'stdin.progress', at, path: 'a', received: 1 },
      { type: 'content.progress', at, path: 'a', received: 1, bytes: 9 },
      { type: 'part.progress', at: later, path: 'a', part: 1, attempt: 1, sent: 4 },
      {
        type: 'request.retrying',
        at: later,
        path: 'a',
        endpoint: 'part',
        attempt: 2,
        delay_ms: 5,
        error: { reason: 'http-503', message: 'm', http_status: 503 },
      },
      expect.objectContaining({ type: 'error', at: later, path: 'a', code: 'AUTH', exit_code: 4, hint: null }),
    ]);
  });
});
