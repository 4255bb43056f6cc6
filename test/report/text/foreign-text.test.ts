import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSecret } from '../../../src/core/policy/secrets.ts';
import { fileLine, jsonLine, printable, printableName } from '../../../src/report/text/text.ts';
import { isReadForCommands, withoutCommands } from '../../../src/report/text/workflow-commands.ts';

/** What must never reach a screen as it is, and how it is shown. */
const HOSTILE: readonly (readonly [string, string])[] = [
  ['\u0000', '\\x00'],
  ['\u0007', '\\x07'],
  ['\u0008', '\\x08'],
  ['\u001b', '\\x1b'],
  ['\u007f', '\\x7f'],
  ['\u0085', '\\x85'],
  ['\u009b', '\\x9b'],
  ['\u061c', '\\u061c'],
  ['\u200b', '\\u200b'],
  ['\u200e', '\\u200e'],
  ['\u200f', '\\u200f'],
  ['\u2028', '\\u2028'],
  ['\u2029', '\\u2029'],
  ['\u202a', '\\u202a'],
  ['\u202e', '\\u202e'],
  ['\u2066', '\\u2066'],
  ['\u2069', '\\u2069'],
  ['\ufeff', '\\ufeff'],
  ['\ud800', '\\ud800'],
];
const hostile = fc.string({
  unit: fc.oneof(fc.constantFrom(...HOSTILE.map(([text]) => text)), fc.string({ unit: 'binary' })),
});

describe('12.12: text from outside', () => {
  test.each(HOSTILE)('shows %j as %s', (text, seen) => {
    expect(printable(`a${text}b`)).toBe(`a${seen}b`);
    expect(printableName(`a${text}b`)).toBe(`a${seen}b`);
    expect(jsonLine([text]).slice(1, -2)).not.toContain(text);
    expect(JSON.parse(jsonLine([text]))).toEqual([text]);
  });

  test('is one line; a name shows its line ends', () => {
    expect(printable('a\r\n\tb')).toBe('a b');
    expect(printableName('a\r\n\tb')).toBe('a\\r\\n\\tb');
    expect(fileLine('a\nb', 'done')).toBe('  a\\nb: done');
  });

  test('never holds what moves a cursor or turns text around, and is what it was in JSON', () => {
    fc.assert(
      fc.property(hostile, text => {
        for (const shown of [printable(text), printableName(text)])
          expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(jsonLine({ text }))).toEqual({ text });
        expect(jsonLine({ text }).slice(0, -1)).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  test('is cut at 1,000 characters, both ends stay', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1001, maxLength: 5000 }), text => {
        fc.pre(text.length > 1000);
        const shown = printable(text);
        expect(shown).toContain('\u2026');
        expect(Buffer.from(shown).toString()).toBe(shown);
      }),
      { numRuns: 30 },
    );
    const shown = printable(`creating: ${'x'.repeat(1_000_000)} (req_1)`);
    expect(shown).toHaveLength(1000);
    expect(shown).toMatch(/^creating: x+\u2026x+ \(req_1\)$/);
    // A cut leaves no half of a secret.
    const secret = 'sk-proj-0123456789abcdefghijklmnopqrstuvwxyz';
    addSecret(secret);
    for (let before = 540; before < 620; before += 1)
      expect(printable(`${'x'.repeat(before)}${secret}${'x'.repeat(900)}`)).not.toMatch(/sk-|xyzx|\d/);
    expect(printable('\u{1f600}'.repeat(5000)).replaceAll('\u{1f600}', '')).toBe('\u2026');
  });
});

describe('12.10: commands for the program that reads the log', () => {
  test.each([
    ['::error::x', '\\x3a\\x3aerror::x'],
    ['  ::add-mask::x', '  \\x3a\\x3aadd-mask::x'],
    ['a\n::stop-commands::t\n', 'a\n\\x3a\\x3astop-commands::t\n'],
    ['a\r::set-env name=A::b', 'a\r\\x3a\\x3aset-env name=A::b'],
    ['\u3000\u00a0::error::x', '\u3000\u00a0\\x3a\\x3aerror::x'],
    ['see ##[error]x', 'see #\\x23[error]x'],
    ['##[##[group]', '#\\x23[#\\x23[group]'],
    ['###[error]', '##\\x23[error]'],
    ['##vso[task.setvariable]x', '#\\x23vso[task.setvariable]x'],
    ['##teamcity[x]', '#\\x23teamcity[x]'],
    ['a::b, C++ std::string, ## heading', 'a::b, C++ std::string, ## heading'],
  ])('%j is written as %j', (text, written) => {
    expect(withoutCommands(text)).toBe(written);
  });

  test('no text is one', () => {
    const text = fc.string({ unit: fc.constantFrom(':', '#', '[', ']', ' ', '\n', '\r', 'error', '\u00a0', 'x') });
    fc.assert(
      fc.property(text, given => {
        const written = withoutCommands(given);
        for (const line of written.split(/[\r\n]/)) expect(line.trimStart()).not.toMatch(/^::/);
        expect(written).not.toContain('##[');
        expect(withoutCommands(written)).toBe(written);
      }),
    );
  });

  test('JSON holds none, and is left as it is', () => {
    const value = { path: '::error::x', message: 'a ##[error]b ##vso[x]', '##[key]': 1 };
    const line = jsonLine(value);
    expect(JSON.parse(line)).toEqual(value);
    expect(line).toMatch(/^\{/);
    expect(line).not.toMatch(/##[a-z]*\[/);
    expect(withoutCommands(line)).toBe(line);
  });

  test('only where such a program reads', () => {
    expect(
      [{ GITHUB_ACTIONS: 'true' }, { TF_BUILD: 'True' }, { TEAMCITY_VERSION: '2026.1' }].map(isReadForCommands),
    ).toEqual([true, true, true]);
    expect([{}, { GITHUB_ACTIONS: '' }, { CI: '1' }].map(isReadForCommands)).toEqual([false, false, false]);
  });
});
