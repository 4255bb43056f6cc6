import { describe, expect, it } from 'vitest';
import { checkFile } from '../../src/check/check-file.ts';
import { checkReads, checkText, errorsOf, warningsOf } from './check.ts';

type Row = readonly [name: string, text: string, errors: readonly string[], warnings?: readonly string[]];

const ROWS: readonly Row[] = [
  ['one object', '{"a":1}', []],
  ['a newline at the end', '{}\n{}\n', []],
  ['lines that end as on Windows', '{}\r\n{}\r\n', []],
  ['space around an object', '  {} \t\n', []],
  ['any Unicode', '{"a":"ünï😀"}\n{"ÿ":"\u2028"}\n', []],
  ['a blank line inside', '{}\n\n{}\n', ['2 blank-line']],
  ['blank lines before the first', '\n \t\r\n{}', ['1 blank-line', '2 blank-line']],
  ['blank lines at the end', '{}\n\n\n', [], ['2 blank-lines-at-end']],
  ['blank lines only', '\n\n', ['no-lines'], ['1 blank-lines-at-end']],
  ['a byte order mark', '\ufeff{}\n', ['1:1 byte-order-mark']],
  ['a mark within', '{}\n\ufeff{}\n', ['2:1 byte-order-mark']],
  ['a mark and worse', '\ufeffx\n', ['1:1 byte-order-mark', '1:1 invalid-json']],
  ['an array', '{}\n[1]\n', ['2 not-an-object']],
  ['null, a number, a string', 'null\n1\n"a"\n', ['1 not-an-object', '2 not-an-object', '3 not-an-object']],
  ['two objects on one line', '{}{}\n', ['1:3 invalid-json']],
  ['a pretty-printed object', '{\n"a": 1\n}\n', ['1:2 invalid-json', '2:4 invalid-json', '3:1 invalid-json']],
  ['a comma too much', '{"a":1,}\n', ['1:8 invalid-json']],
];

describe('every line of any JSONL file', () => {
  it.each(
    ROWS.map(([name, text, errors, warnings = []]) => [name, text, errors, warnings] as const),
  )('%s', async (_, text, errors, warnings) => {
    const verdict = await checkText('evals', text);
    expect(errorsOf(verdict)).toEqual(errors);
    expect(warningsOf(verdict)).toEqual(warnings);
  });

  it('names the first byte that is not UTF-8, and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('{}\n{"a":"é'), Buffer.from([0xe9, 0x22, 0x7d]), Buffer.from('\n1\n')]);
    const verdict = await checkReads('evals', [bytes]);
    expect(errorsOf(verdict)).toEqual(['2:9 not-utf8', '3 not-an-object']);
    expect(verdict.errors.shown[0]?.message).toContain('0xe9');
  });

  it.each(['utf16le', 'utf16be'])('says of %s once what to do', async encoding => {
    const bytes = Buffer.from('\ufeff{}\n{}\n', 'utf16le');
    const verdict = await checkReads('evals', [encoding === 'utf16be' ? bytes.swap16() : bytes]);
    expect(verdict.errors.shown).toEqual([
      { line: 1, column: 1, reason: 'not-utf8', message: 'the file is UTF-16: save it as UTF-8' },
    ]);
  });

  it('holds no line that is too long, and goes on after it', async () => {
    const text = `{"a":1}\n{"b":"${'x'.repeat(100)}"}\n[]\n${'y'.repeat(101)}`;
    expect(errorsOf(await checkReads('evals', [Buffer.from(text)], 100))).toEqual([
      '2 line-too-long',
      '3 not-an-object',
      '4 line-too-long',
    ]);
  });

  it('shows twenty, and counts all', async () => {
    const { errors, lines } = await checkText('evals', 'x\n'.repeat(1000));
    expect([errors.shown.length, errors.total, lines]).toEqual([20, 1000, 1000]);
  });

  it.each(['assistants', 'vision', 'user_data', 'another'])('reads no content for %s', async purpose => {
    const verdict = await checkFile({
      name: 'a.pdf',
      purpose,
      bytes: 5,
      read: () => {
        throw new Error('read');
      },
    });
    expect(verdict).toMatchObject({ lines: null, errors: { total: 0 } });
    expect(warningsOf(verdict)).toEqual(purpose === 'another' ? ['unknown-purpose'] : []);
  });
});
