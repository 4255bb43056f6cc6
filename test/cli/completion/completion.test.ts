import { describe, expect, it } from 'vitest';
import { answerFor, type Lookups } from '../../../src/cli/completion/candidates.ts';
import { readWords } from '../../../src/cli/completion/words.ts';

const lookups: Lookups = {
  cwd: '/home/me/here',
  profiles: async () => ['work', 'home'],
  saved: async () => [
    { id: 'upload_1', path: '/home/me/here/a.jsonl', about: 'half' },
    { id: 'upload_2', path: '/data/b.jsonl', about: 'none' },
    { id: 'upload_3', path: '/home/me/here/two\nlines', about: 'odd' },
  ],
};

/** What is offered behind a line; the last word is the one that is typed. */
const offered = async (line: string): Promise<readonly string[]> => {
  const words = line.split(' ');
  const { candidates, also } = await answerFor(readWords(words.slice(0, -1)), words.at(-1) ?? '', lookups);
  return [...candidates.map(([word]) => word), ...(also === 'nothing' ? [] : [`:${also}`])];
};

describe('flags', () => {
  it.each([
    ['--pro', ['--progress', '--project', '--proxy', '--profile']],
    ['list --ver', ['--verbose']],
    ['--ver', ['--verbose', '--version']],
    ['push --purpose batch --pur', []],
    ['push --purpose=batch --pur', []],
    ['push --header A:1 --hea', ['--header']],
    ['push -q --qui', []],
    ['push -- --pur', [':files']],
    ['serve --pur', []],
    ['serve --max', ['--max-inflight']],
  ])('%s', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });
});

describe('values', () => {
  it.each([
    ['push --purpose b', ['batch']],
    ['push --purpose=b', ['--purpose=batch']],
    ['--profile ', ['work', 'home']],
    ['--profile push --profile=h', ['--profile=home']],
    ['push --retries ', []],
    ['push --filename push --concurrency ', ['auto']],
    ['push --ca-file ', [':files']],
    ['list --state-dir=x', [':folders']],
    ['push --unknown=x', []],
  ])('%s', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });
});

describe('arguments', () => {
  it.each([
    ['cl', ['clean']],
    ['--json --progress none cl', ['clean']],
    ['help cl', ['clean']],
    ['help clean ', []],
    ['check a b ', [':files']],
    ['verify ', [':files']],
    ['verify a ', []],
    ['show ', ['a.jsonl', '/data/b.jsonl', 'upload_1', 'upload_2', 'upload_3', ':saved']],
    ['show ./', ['./a.jsonl', ':saved']],
    ['show /home/me/here/a', ['/home/me/here/a.jsonl', ':saved']],
    ['resume upload_1 upload_', ['upload_2', 'upload_3', ':saved']],
    ['resume a.jsonl up', ['upload_2', 'upload_3', ':saved']],
  ])('%s', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });
});
