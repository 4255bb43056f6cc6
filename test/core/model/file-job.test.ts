import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../../src/core/model/check.ts';
import type { Destination } from '../../../src/core/model/destination.ts';
import { fileJob, type JobOptions, labelOf, planFor, serviceOf } from '../../../src/core/model/file-job.ts';
import { makePlan } from '../../../src/core/model/plan.ts';

const destination: Destination = { kind: 'openai', baseUrl: 'https://api.openai.com/v1' };
const target = {
  path: '/a/f.jsonl',
  filename: 'f.jsonl',
  purpose: 'batch',
  mimeType: 'application/jsonl',
  destination,
};
const job = (options: JobOptions = {}) => fileJob(target, options);

describe('a job', () => {
  it('has defaults where nothing else was said', () => {
    const defaults = { ...target, expiresAfterSeconds: undefined, partSize: undefined, md5: true, restart: false };
    const rest = { lockWaitMs: 0, cancelOnInterrupt: false, skipUploaded: false };
    expect(job()).toEqual({ ...defaults, ...rest });
    expect(job({ md5: undefined, lockWaitMs: 5, restart: true })).toEqual({
      ...defaults,
      ...rest,
      lockWaitMs: 5,
      restart: true,
    });
  });
  it('is called by its label, or by its path', () => {
    expect(labelOf(job())).toBe('/a/f.jsonl');
    expect(labelOf(job({ label: 'f 1 of 2' }))).toBe('f 1 of 2');
  });
  it('is planned whole, with what was said', () => {
    expect(planFor(job({ expiresAfterSeconds: 3600, partSize: 10, md5: false }), { size: 25 })).toMatchObject({
      request: {
        filename: 'f.jsonl',
        purpose: 'batch',
        bytes: 25,
        mimeType: 'application/jsonl',
        expiresAfterSeconds: 3600,
      },
      partSize: 10,
      md5: false,
      check: undefined,
    });
    expect(planFor(job(), { size: 1 }).request).not.toHaveProperty('expiresAfterSeconds');
  });
  it('of some lines is planned and checked as these', () => {
    const check = { strict: true, warnOnly: false, maxFindings: 20 };
    const range = { start: 100, end: 130, firstLine: 7, lines: 3 };
    const asked = { ...check, filename: 'f.jsonl', purpose: 'batch', service: 'openai' };
    const { request, check: ofLines } = planFor(job({ check, range }), { size: 500 });
    expect(request.bytes).toBe(30);
    expect(ofLines).toEqual({ ...asked, bytes: 30, firstLine: 7 });
    expect(planFor(job({ check }), { size: 500 }).check).toEqual({ ...asked, bytes: 500, firstLine: 1 });
  });
});

it.each<[Destination, string]>([
  [destination, 'openai'],
  [{ kind: 'openai', baseUrl: 'https://eu.api.openai.com/v1' }, 'openai'],
  [{ kind: 'openai', baseUrl: 'https://api.openai.com' }, 'openai'],
  [{ kind: 'openai', baseUrl: 'http://api.openai.com/v1' }, 'other'],
  [{ kind: 'openai', baseUrl: 'https://api.openai.com.example/v1' }, 'other'],
  [{ kind: 'openai', baseUrl: 'https://e.u.api.openai.com/v1' }, 'other'],
  [{ kind: 'openai', baseUrl: 'https://x/https://api.openai.com/' }, 'other'],
  [{ kind: 'azure', baseUrl: 'https://me.openai.azure.com/openai/v1' }, 'azure'],
  [{ kind: 'local', folder: '/tmp' }, 'openai'],
])('%o follows the rules of %s', (where, service) => expect(serviceOf(where)).toBe(service));

it.each([
  ['batch', undefined, { strict: false, warnOnly: false, maxFindings: 20 }],
  ['fine-tune', 'on', { strict: false, warnOnly: false, maxFindings: 20 }],
  ['evals', 'warn', { strict: false, warnOnly: true, maxFindings: 20 }],
  ['user_data', 'on', { strict: false, warnOnly: false, maxFindings: 20 }],
  ['user_data', undefined, undefined],
  ['batch', 'off', undefined],
] as const)('purpose %s, --check %s', (purpose, mode, settings) => {
  expect(checkSettings(purpose, { mode })).toEqual(settings);
  expect(checkSettings(purpose, { mode, strict: true })).toEqual(settings && { ...settings, strict: true });
});

it('a plan that cannot be says why, and what would do', () => {
  const plan = (bytes: number, partSize?: number) =>
    makePlan({ request: { filename: 'f', purpose: 'batch', bytes, mimeType: 'text/plain' }, partSize, md5: true });
  const [largest, part] = [8 * 1024 ** 3, 1024];
  expect(() => plan(0)).toThrow('f is empty: an upload needs at least one byte');
  expect(() => plan(largest + 1)).toThrow(
    expect.objectContaining({
      message: `the file has ${largest + 1} bytes, an upload takes at most ${largest} (8 GiB)`,
      hint: 'split it into several files',
    }),
  );
  expect(() => plan(10_001 * part, part)).toThrow(
    expect.objectContaining({
      message: '--part-size 1024 makes 10001 parts of this file, more than 10000',
      hint: 'use --part-size 1025 or more, or leave it out',
    }),
  );
  expect(plan(25, 10)).toMatchObject({ partSize: 10, md5: true, parts: [{ size: 10 }, { size: 10 }, { size: 5 }] });
});
