import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Jobs, pushAll } from '../../src/commands/push/jobs.ts';
import { joined, listedIn, type Paths, pathsOf } from '../../src/commands/push/path-list.ts';
import { startSurvey } from '../../src/commands/push/survey.ts';
import { interruptedBy, sourceError } from '../../src/core/errors/errors.ts';
import { type FileJob, fileJob, type Pushed } from '../../src/core/model/file-job.ts';

const all = (paths: Paths): readonly string[] => Array.from({ length: paths.size }, (_, index) => paths.at(index));

describe('12.25: the paths of a list', () => {
  /** As the list was read before: whole, and split. */
  const split = (text: string): readonly string[] =>
    text
      .replace(/^\ufeff/, '')
      .split(text.includes('\0') ? '\0' : /\r?\n/)
      .filter(path => path !== '')
      .map(path => (path === '-' ? './-' : path));
  const piece = fc.oneof(fc.constantFrom('\n', '\r\n', '\r', '-', '\ufeff', 'a', ' '), fc.string({ unit: 'binary' }));

  it('are those between its line ends, or NULs', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.constant('\0'))), pieces => {
        const text = pieces.join('').toWellFormed();
        expect(all(listedIn(Buffer.from(text)))).toEqual(split(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('come behind the arguments', () => {
    expect(all(joined(pathsOf(['-', 'a']), listedIn(Buffer.from('b\n-'))))).toEqual(['-', 'a', 'b', './-']);
  });
});

const jobsOf = (paths: readonly string[]): Jobs => {
  const destination = { kind: 'openai', baseUrl: 'http://x/v1' } as const;
  const jobOf = (path: string): FileJob =>
    fileJob({ path, filename: path, purpose: 'batch', mimeType: 'text/plain', destination }, {});
  return { size: paths.length, at: index => jobOf(paths[index] as string) };
};

/** Two paths of one file differ in case. */
const locate = async (path: string) => ({ file: path.toLowerCase(), size: path.length });

describe('12.25: many files', () => {
  it('are each looked up once, and the same file is found by any of its names', async () => {
    const paths = Array.from({ length: 200 }, (_, index) => (index % 100 < 50 ? `a${index % 100}` : `b${index}`));
    const survey = startSurvey(jobsOf([...paths, 'A7', 'c']), locate);
    await survey.known(0);
    const bytes = [...new Set([...paths, 'c'])].join('').length;
    expect(survey.expected()).toEqual({ files: 50 + 100 + 1, bytes, isWhole: true });
    expect([survey.firstOf(7), survey.firstOf(107), survey.firstOf(200), survey.firstOf(201)]).toEqual([7, 7, 7, 201]);
    expect([7, 107, 200, 60].map(survey.mayRepeat)).toEqual([true, false, false, false]);
    expect(survey.sizeOf(201)).toBe(1);
  });

  it('are pushed once each, in order, a thousand at the same time', async () => {
    const paths = Array.from({ length: 3000 }, (_, index) => `f${index}`);
    const jobs = jobsOf([...paths, 'F0', 'F2999']);
    const [pushed, written, failed, ended] = [[] as string[], [] as string[], [] as string[], new Set<string>()];
    let [open, most] = [0, 0];
    const failure = await pushAll(jobs, startSurvey(jobs, locate), {
      pushFile: async ({ path }) => {
        pushed.push(path);
        most = Math.max(most, ++open);
        await turn();
        open -= 1;
        return outcomeOf(path);
      },
      writeResult: async (_index, { path }) => void written.push(path),
      reportFailure: path => void failed.push(path),
      ended: path => void ended.add(path),
    });
    expect(pushed).toEqual(paths);
    expect(most).toBe(1000);
    expect(written).toHaveLength(3002);
    expect(failed.sort()).toEqual(['F2999', 'f1500', 'f2999']);
    expect(failure).toEqual({ index: 2999, exitCode: 3 });
    expect(ended.size).toBe(3002);
  });
});

describe('16.7: a list of more than 10,000 files', () => {
  const paths = Array.from({ length: 12_000 }, (_, index) => `f${index}`);
  const gate = () => {
    let open = (): void => {};
    const opened = new Promise<void>(resolve => {
      open = resolve;
    });
    return { open, opened };
  };

  it('begins while the rest is still looked at, and sends a file of two names once', async () => {
    const [jobs, rest, pushed] = [jobsOf([...paths, 'F3']), gate(), [] as string[]];
    const survey = startSurvey(jobs, async path => {
      if (Number(path.slice(1)) >= 10_000) await rest.opened;
      return locate(path);
    });
    const all = pushAll(jobs, survey, {
      pushFile: async ({ path }) => {
        pushed.push(path);
        if (pushed.length === 1000) {
          expect(survey.expected()).toEqual({ files: 10_000, bytes: 'f'.length * 10_000 + 38_890, isWhole: false });
          rest.open();
        }
        return { result: { path } as never, written: async () => {} };
      },
      writeResult: async () => {},
      reportFailure: () => {},
      ended: () => {},
    });
    expect(await all).toBeUndefined();
    expect(pushed).toEqual(paths);
    expect(survey.expected()).toMatchObject({ files: 12_000, isWhole: true });
  });
});

const outcomeOf = (path: string): Pushed => {
  const error =
    path === 'f2999'
      ? sourceError('empty', 'it is empty')
      : path === 'f1500'
        ? Object.assign(interruptedBy('SIGINT'), { reason: 'fail-fast' })
        : undefined;
  return { result: { path } as never, error: error as never, written: async () => {} };
};
