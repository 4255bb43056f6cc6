import { describe, expect, it } from 'vitest';
import { checkFile } from '../../src/check/check-file.ts';
import { among, checkReads, checkText, errorsOf, found, request, requests } from './check.ts';

const messageOf = async (purpose: string, text: string | Uint8Array): Promise<string> => {
  const { errors } = await checkText(purpose, text);
  return `${errors.shown[0]?.message} (${errors.shown[0]?.hint})`;
};

describe('where', () => {
  it.each([
    ['two objects on one line', '{}{}\n', ['1:3 invalid-json']],
    ['a comma too much', '{"a":1,}\n', ['1:7 trailing-comma']],
    ['a mark within', '{}\n\ufeff{}\n', ['2:1 byte-order-mark']],
    ['a value of a deep field', '{"a":[1,{"b":NaN}]}\n', ['1:14 not-a-number']],
    ['half of a pair', '{"a":"\\ud83d"}\n', []],
  ])('%s', async (_, text, errors) => {
    expect(errorsOf(await checkText('evals', text))).toEqual(errors);
  });

  it.each([
    [
      'weight',
      '{"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","weight":2}]}',
      ['1:87 weight'],
    ],
    ['role', '{"messages":[{"role":"bot","content":"q"},{"role":"assistant","content":"a"}]}', ['1:22 role']],
  ])('%s of a message', async (_, line, errors) => {
    expect(errorsOf(await checkText('fine-tune', among(line)))).toEqual(errors);
  });

  it('names the first byte that is not UTF-8, and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('{}\n{"a":"é'), Buffer.from([0xe9, 0x22, 0x7d]), Buffer.from('\n1\n')]);
    const report = await checkReads('evals', [bytes]);
    expect(errorsOf(report)).toEqual(['2:9 not-utf8', '3 not-an-object']);
    expect(report.errors.shown[0]?.message).toContain('0xe9');
  });

  it('holds no line that is too long, and goes on after it', async () => {
    const text = `{"a":1}\n{"b":"${'x'.repeat(100)}"}\n[]\n${'y'.repeat(101)}`;
    const report = await checkReads('evals', [Buffer.from(text)], { maxLineBytes: 100 });
    expect(found(report)).toEqual(['not-an-object@3', '? line-too-long@2', '? line-too-long@4']);
  });

  it('counts lines from the first one of the file where a part of it is checked', async () => {
    const report = await checkText('evals', '{}\n1\n', { firstLine: 101 });
    expect(errorsOf(report)).toEqual(['102 not-an-object']);
  });
});

it('shows twenty, or as many as asked, and counts all', async () => {
  const { errors, lines } = await checkText('evals', 'x\n'.repeat(1000));
  expect([errors.shown.length, errors.total, lines]).toEqual([20, 1000, 1000]);
  const all = await checkText('evals', 'x\n'.repeat(1000), { maxFindings: 5000 });
  expect(all.errors.shown.map(({ line }) => line)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
});

it.each(['assistants', 'vision', 'user_data', 'another'])('reads no content for %s', async purpose => {
  const report = await checkFile({
    filename: 'a.pdf',
    purpose,
    bytes: 5,
    read: () => {
      throw new Error('read');
    },
  });
  expect(report).toMatchObject({ lines: null, errors: { total: 0 } });
});

describe('says what to do', () => {
  it.each([
    ['NaN', 'evals', '{"a":NaN}', /NaN.*\(.*(?:null|allow_nan)/],
    ['one array', 'evals', '[{"a":1},{"a":2}]', /array.*\(.*jq -c '\.\[\]'/],
    ['an eval under fine-tune', 'fine-tune', '{"item":{}}\n'.repeat(12), /evals.*--purpose evals/],
    ['UTF-16', 'evals', Buffer.from('\ufeff{}\n', 'utf16le'), /UTF-16.*\(.*UTF-8/],
    ['an id twice', 'batch', requests({ custom_id: 'a' }, { custom_id: 'a' }), /custom_id "a".*line 1/],
    ['a line without model', 'batch', request({ body: { input: 'a' } }), /model/],
  ])('of %s', async (_, purpose, text, says) => {
    expect(await messageOf(purpose, text)).toMatch(says);
  });
});

it('sums up what a file holds', async () => {
  const { summary } = await checkText('batch', requests({}, {}, { custom_id: 'long', note: 'x'.repeat(100) }));
  expect(summary).toMatchObject({
    records: 3,
    models: { m: 3 },
    urls: { '/v1/responses': 3 },
    images: 0,
    longest_line: { line: 3 },
  });
  expect(summary?.estimated_tokens).toBeGreaterThan(0);
});
