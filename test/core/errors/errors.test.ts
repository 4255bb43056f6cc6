import { describe, expect, it } from 'vitest';
import { checkFailed } from '../../../src/core/errors/check-failed.ts';
import {
  asUploadError,
  exitCodes,
  interruptedBy,
  isStopped,
  sourceError,
  stoppedBy,
  UploadError,
  usageError,
  withHint,
  withResult,
} from '../../../src/core/errors/errors.ts';
import {
  asFailure,
  asRunError,
  codeOf,
  isAboutMd5,
  isRefusal,
  RequestError,
  type RequestFailure,
  troubleOf,
} from '../../../src/core/errors/request-error.ts';
import type { UnfinishedResult } from '../../../src/core/outcome/result.ts';

const failure = (over: Partial<RequestFailure>): RequestFailure => ({
  endpoint: 'part',
  kind: 'status',
  reason: 'http-400',
  message: 'refused',
  status: 400,
  requestId: 'req_1',
  retryable: false,
  mayBeDone: false,
  ...over,
});

describe('an error', () => {
  const cause = new Error('below');
  const error = new UploadError('SOURCE', 'm', { reason: 'empty', hint: 'h', cause, httpStatus: 1, requestId: 'r' });
  it('keeps all of itself when a result or a hint is added', () => {
    const result = { resumable: true } as UnfinishedResult;
    const { code, reason, message } = error;
    const same = { code, reason, message, cause, httpStatus: 1, requestId: 'r', exitCode: 3, name: 'UploadError' };
    expect(withResult(error, result)).toMatchObject({ ...same, hint: 'h', result, resumable: true });
    expect(withHint(error, 'better')).toMatchObject({ ...same, hint: 'better', resumable: false });
  });
  it.each([
    ['SIGHUP', 'sighup', 129],
    ['SIGINT', 'sigint', 130],
    ['SIGTERM', 'sigterm', 143],
  ] as const)('of %s exits with its own code', (signal, reason, exitCode) => {
    const message = `interrupted by ${signal}`;
    expect(interruptedBy(signal)).toMatchObject({ code: 'INTERRUPTED', reason, exitCode, message });
  });
  it('exits with the code of its name', () => {
    for (const [code, exitCode] of Object.entries(exitCodes))
      expect(new UploadError(code as keyof typeof exitCodes, 'm', { reason: 'bug' }).exitCode).toBe(exitCode);
  });
  it('that is not ours is a bug', () => {
    expect(asUploadError(error)).toBe(error);
    expect(asUploadError(cause)).toMatchObject({ code: 'BUG', reason: 'bug', message: 'below', cause });
    expect(asUploadError('text')).toMatchObject({ code: 'BUG', message: 'text', cause: 'text' });
  });
  it('says what stopped the other files', () => {
    const stopped = stoppedBy('a.jsonl');
    expect(stopped).toMatchObject({ code: 'INTERRUPTED', reason: 'fail-fast' });
    expect(stopped.message).toBe('stopped, because a.jsonl failed (--fail-fast)');
    expect(isStopped(stopped)).toBe(true);
    expect(isStopped(error)).toBe(false);
  });
  it('says whose mistake it is', () => {
    expect(usageError('m', 'h')).toMatchObject({ code: 'USAGE', reason: 'usage', hint: 'h' });
    expect(sourceError('empty', 'm', 'h', cause)).toMatchObject({ code: 'SOURCE', reason: 'empty', hint: 'h', cause });
  });
  it.each([
    [1, 'the check found 1 error, nothing was completed'],
    [2, 'the check found 2 errors, nothing was completed'],
  ])('counts %i of the check', (errors, message) => {
    const check = { lines: 3, errors, warnings: 0, findings: [] };
    const found = checkFailed(check);
    expect(found).toMatchObject({ code: 'SOURCE', reason: 'invalid-lines', message, check });
    expect(found.hint).toContain('--check=warn');
  });
});

describe('a failed request', () => {
  it.each<[Partial<RequestFailure>, string]>([
    [{ kind: 'connection', status: 401 }, 'UNAVAILABLE'],
    [{ kind: 'malformed', status: 503 }, 'REJECTED'],
    [{ quota: true, status: 429 }, 'REJECTED'],
    [{ status: 401 }, 'AUTH'],
    [{ status: 403 }, 'AUTH'],
    [{ status: 407 }, 'AUTH'],
    [{ status: 408 }, 'UNAVAILABLE'],
    [{ status: 409 }, 'UNAVAILABLE'],
    [{ status: 429 }, 'UNAVAILABLE'],
    [{ status: 500 }, 'UNAVAILABLE'],
    [{ status: 499 }, 'REJECTED'],
    [{ status: 400 }, 'REJECTED'],
    [{ status: 301 }, 'REJECTED'],
    [{ status: undefined }, 'REJECTED'],
    [{ status: 400, about: 'md5' }, 'REJECTED'],
    ...['md5', 'checksum', 'Digest', 'hash', 'bytes', 'size'].map(
      about => [{ endpoint: 'complete', status: 400, about }, 'INTEGRITY'] as [Partial<RequestFailure>, string],
    ),
    ...[409, 413, 422].map(
      status => [{ endpoint: 'complete', status, about: 'size' }, 'INTEGRITY'] as [Partial<RequestFailure>, string],
    ),
    [{ endpoint: 'complete', status: 404, about: 'size' }, 'REJECTED'],
    [{ endpoint: 'complete', status: 400, about: 'order' }, 'REJECTED'],
    [{ endpoint: 'complete', status: 400 }, 'REJECTED'],
  ])('%o ends the run as %s', (over, code) => expect(codeOf(failure(over))).toBe(code));

  it.each([
    [400, true],
    [404, true],
    [499, true],
    [399, false],
    [500, false],
    [401, false],
    [403, false],
    [407, false],
    [408, false],
    [429, false],
    [undefined, false],
  ])('%s refuses the request itself: %s', (status, expected) => expect(isRefusal(failure({ status }))).toBe(expected));

  it('is about the md5 by its words', () => {
    for (const about of ['MD5', 'checksum', 'digest', 'hash']) expect(isAboutMd5(failure({ about }))).toBe(true);
    for (const about of ['size', '', undefined]) expect(isAboutMd5(failure({ about }))).toBe(false);
  });

  it.each<[Partial<RequestFailure>, string | undefined]>([
    [{ status: 401 }, 'check the key'],
    [{ status: 503 }, 'run the same command again later: it resumes'],
    [{ endpoint: 'complete', about: 'md5' }, '--no-md5'],
    [{ endpoint: 'complete', about: 'size' }, 'run again with --restart'],
    [{ hint: 'its own', status: 401 }, 'its own'],
  ])('%o has the hint %s', (over, hint) => {
    expect(asRunError(new RequestError(failure(over))).hint).toContain(hint);
  });
  it('has a hint of the caller, or none', () => {
    expect(asRunError(new RequestError(failure({ status: 503, endpoint: 'create' }))).hint).toBe(
      'run the same command again later',
    );
    expect(asRunError(new RequestError(failure({}))).hint).toBeUndefined();
    expect(asRunError(new RequestError(failure({ status: 401 })), 'given').hint).toBe('given');
  });
  it('keeps what is known of it', () => {
    const error = new RequestError(failure({}), 'below');
    expect(error).toMatchObject({ name: 'RequestError', message: 'refused', cause: 'below' });
    const known = { reason: 'http-400', message: 'refused', httpStatus: 400, requestId: 'req_1' };
    expect(asFailure(error)).toMatchObject({ ...known, code: 'REJECTED', cause: error });
    expect(troubleOf(error)).toEqual(known);
    expect(asFailure('odd')).toMatchObject({ code: 'BUG' });
  });
});
