import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactArguments } from '../../../src/io/source/exact-arguments.ts';
import { sentName, systemPath, textOfPath } from '../../../src/io/source/path-bytes.ts';
import { jsonLine, printableName } from '../../../src/report/text/text.ts';

const anyBytes = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes));
const mixed = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
      anyBytes,
    ),
    { maxLength: 6 },
  )
  .map(pieces => Buffer.concat(pieces));

describe.skipIf(process.platform === 'win32')('12.26: names that are not UTF-8', () => {
  it('every name comes back as the bytes it was', () => {
    fc.assert(
      fc.property(mixed, bytes => {
        expect(Buffer.from(systemPath(textOfPath(bytes)))).toEqual(bytes);
      }),
    );
  });

  it('a name that is UTF-8 is the text that it always was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(textOfPath(Buffer.from(text))).toBe(text);
        expect(systemPath(text)).toBe(text);
        expect(sentName(text)).toBe(text);
      }),
    );
  });

  it('no two names have one text', () => {
    fc.assert(
      fc.property(mixed, mixed, (one, other) => {
        expect(textOfPath(one) === textOfPath(other)).toBe(one.equals(other));
      }),
    );
  });

  it('the server is sent whole characters', () => {
    fc.assert(
      fc.property(mixed, bytes => {
        expect(sentName(textOfPath(bytes)).isWellFormed()).toBe(true);
      }),
    );
    expect(sentName(textOfPath(Buffer.from('caf\xe9.txt', 'latin1')))).toBe('caf_.txt');
    expect(sentName('\ufffd is a character too')).toBe('\ufffd is a character too');
  });

  it('people and programs are shown bytes as \\xff', () => {
    const name = textOfPath(Buffer.from('caf\xe9 \\udce9 \\\\udce9.txt', 'latin1'));
    expect(printableName(name)).toBe('caf\\xe9 \\udce9 \\\\udce9.txt');
    expect(JSON.parse(jsonLine({ path: name }))).toEqual({ path: 'caf\\xe9 \\udce9 \\\\udce9.txt' });
    fc.assert(
      fc.property(mixed, bytes => {
        expect(jsonLine({ path: textOfPath(bytes) }).isWellFormed()).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), path => {
        expect(JSON.parse(jsonLine({ path }))).toEqual({ path });
      }),
    );
  });
});

describe('12.26: the arguments of the process', () => {
  const line = (...words: readonly (string | Buffer)[]) =>
    Buffer.concat(words.flatMap(word => [Buffer.from(word), Buffer.of(0)]));
  const bad = Buffer.from('f\xff', 'latin1');

  it('have the bytes of their names, whatever stands before them', () => {
    const argv = ['push', 'f\ufffd', '', '-p', 'batch'];
    const read = () => line('node', '--import', 'x', 'bin.js', 'push', bad, '', '-p', 'batch');
    expect(exactArguments(argv, read)).toEqual(['push', 'f\udcff', '', '-p', 'batch']);
  });

  it('stay as Node gives them where the command line says something else', () => {
    for (const read of [
      () => line('push', 'other'),
      () => line('f\ufffd'),
      () => Buffer.from(''),
      () => {
        throw new Error('no such file');
      },
    ])
      expect(exactArguments(['push', 'f\ufffd'], read)).toEqual(['push', 'f\ufffd']);
  });

  it('are not looked up where every character is whole', () => {
    const argv = ['push', 'f'];
    expect(
      exactArguments(argv, () => {
        throw new Error('it was');
      }),
    ).toBe(argv);
  });
});
