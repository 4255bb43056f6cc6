import { describe, expect, test } from 'vitest';
import {
  asUploadError,
  interruptedBy,
  sourceError,
  UploadError,
  usageError,
  withHint,
} from '../../../src/core/errors/errors.ts';
import { RequestError } from '../../../src/core/errors/request-error.ts';
import { createFailures, failureHeadline, failureLines } from '../../../src/report/text/failure.ts';
import type { Kept } from '../../../src/report/text/kept.ts';

const text = (error: UploadError, path?: string): string => failureLines(error, path).join('\n');

const refused = new RequestError({
  endpoint: 'complete',
  kind: 'status',
  reason: 'http-400',
  message: 'complete: the server answered 400: the md5 \u001b[31mdiffers',
  status: 400,
  retryable: false,
  mayBeDone: false,
});

describe('a failure for people', () => {
  test('names the file, the request and what helps', () => {
    const error = new UploadError('INTEGRITY', refused.message, {
      reason: 'http-400',
      cause: refused,
      requestId: 'req_9',
      hint: 'run again with --no-md5',
    });
    expect(
      text(error, 'data.jsonl'),
    ).toBe(`oai-upload: data.jsonl: complete: the server answered 400: the md5 \\x1b[31mdiffers
  request id: req_9
hint: run again with --no-md5`);
  });

  test('gives the server’s own words where the sentence does not hold them', () => {
    const error = new UploadError('EXPIRED', 'the upload expired', { reason: 'upload-expired', cause: refused });
    expect(text(error, 'data.jsonl')).toBe(`oai-upload: data.jsonl: the upload expired
  server said: complete: the server answered 400: the md5 \\x1b[31mdiffers`);
  });

  test('names no file where there is none, or twice', () => {
    expect(text(usageError('no such flag: --pupose', 'did you mean --purpose?'))).toBe(
      'oai-upload: no such flag: --pupose\nhint: did you mean --purpose?',
    );
    expect(text(sourceError('not-found', 'data.jsonl does not exist'), 'data.jsonl')).toBe(
      'oai-upload: data.jsonl does not exist',
    );
  });

  test('a name cannot speak to the terminal', () => {
    expect(failureHeadline(sourceError('empty', 'it is empty'), 'a\u001b]0;x\u0007\nb\u202e')).toBe(
      'oai-upload: a\\x1b]0;x\\x07\\nb\\u202e: it is empty',
    );
  });

  test('an interruption says what is kept, and how to go on', () => {
    const interrupted = (kept?: Kept) => failureLines(interruptedBy('SIGTERM'), 'data.jsonl', kept).slice(1);
    expect(interrupted({ line: 'kept 1 MiB', isSome: true })).toEqual([
      'kept 1 MiB',
      'hint: run the same command again to resume',
    ]);
    expect(interrupted({ line: 'nothing is kept', isSome: false })).toEqual([
      'nothing is kept',
      'hint: run the same command again',
    ]);
    expect(text(interruptedBy('SIGTERM'))).toBe(`oai-upload: interrupted by SIGTERM
hint: run the same command again`);
  });

  test('what is kept is not told of an interruption that says why nothing is', () => {
    const failures = createFailures('all');
    const kept = (): Kept => ({ line: 'kept 1 MiB', isSome: true });
    expect(failures(withHint(interruptedBy('SIGTERM'), 'nothing is kept'), 'data.jsonl', kept)).toEqual([
      'oai-upload: data.jsonl: interrupted by SIGTERM',
      'hint: nothing is kept',
    ]);
  });

  test('a bug shows its stack and asks for a report', () => {
    const bug = new TypeError('x is not a function');
    bug.stack = 'TypeError: x is not a function\n    at push (push.ts:1:1)';
    expect(text(asUploadError(bug), 'data.jsonl')).toBe(`oai-upload: data.jsonl: x is not a function
  TypeError: x is not a function
      at push (push.ts:1:1)
  this is a bug in oai-upload: please report it with the lines above`);
  });
});
