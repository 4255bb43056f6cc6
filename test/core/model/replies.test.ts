import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCompletion, parseFile, parseFilePage, parsePart, parseUpload } from '../../../src/core/model/api.ts';
import { isId } from '../../../src/core/model/ids.ts';
import { parseRecord } from '../../../src/core/model/manifest.ts';
import { pruned } from '../../../src/core/model/pruned.ts';

const GOOD_IDS = [
  'file-abc123',
  'upload_0123456789abcdef',
  'part_1',
  'YWJj+/ZGVm==',
  'a',
  'urn:x:1',
  'a@b~c.d',
  'x'.repeat(512),
];
const BAD_IDS = [
  '',
  '..',
  '.',
  '-x',
  '/x',
  'a b',
  'a\n',
  'a\r\nb',
  '\u001b[31m',
  'a?b',
  'a#b',
  'a%2fb',
  'ä',
  '\u202ea',
  'a"b',
  'x'.repeat(513),
  '::error::x',
];

it.each(GOOD_IDS)('11: accepts the id %j', id => {
  expect(isId(id)).toBe(true);
  for (const parse of [parseFile, parseUpload, parsePart]) expect(parse({ id })).toMatchObject({ id });
});

it.each(BAD_IDS)('11: refuses the id %j in every reply', id => {
  expect(isId(id)).toBe(false);
  const upload = { id: 'upload_1', status: 'completed', file: { id } };
  for (const parse of [parseFile, parseUpload, parsePart])
    expect(() => parse({ id })).toThrow('the field "id" is not an id');
  expect(() => parseFilePage({ data: [{ id: 'file-1' }, { id }] })).toThrow('the field "data.1.id" is not an id');
  expect(() => parseCompletion(upload)).toThrow('the field "file.id" is not an id');
});

it.each(BAD_IDS)('11: refuses the id %j in a journal', id => {
  expect(parseRecord({ type: 'part', number: 1, id, size: 1, digest: '00000000' })).toBeUndefined();
  expect(parseRecord({ type: 'completed', md5: null, file: { id } })).toBeUndefined();
});

it('11: no id that is accepted changes the path that it is put in', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:+/=@-]{0,60}$/), id => {
      const { pathname } = new URL(`http://host/v1/files/${encodeURIComponent(id)}/content`);
      expect(pathname.split('/')).toHaveLength(5);
      expect(decodeURIComponent(pathname.split('/')[3] ?? '')).toBe(id);
    }),
  );
});

describe('13: odd values', () => {
  it.each([
    ['1e300', 1e300, undefined],
    ['a negative one', -5, undefined],
    ['a word', 'tomorrow', undefined],
    ['an object', {}, undefined],
    ['infinity', Number.POSITIVE_INFINITY, undefined],
    ['digits', '1721513671', 1721513671],
    ['a fraction', 1721513671.9, 1721513671],
    ['null', null, null],
    ['nothing', undefined, undefined],
  ])('takes %s as a time for what it is', (_, given, time) => {
    expect(parseUpload({ id: 'upload_1', expires_at: given, created_at: given })).toMatchObject({
      expires_at: time,
      created_at: time,
    });
    expect(parseFile({ id: 'file-1', expires_at: given }).expires_at).toBe(time);
  });

  it.each([
    ['digits', '123', 123],
    ['a word', 'many', undefined],
    ['an object', { bytes: 1 }, undefined],
    ['another count', -1, -1],
    ['null', null, null],
  ])('takes %s as a byte count for what it is', (_, given, bytes) => {
    expect(parseFile({ id: 'file-1', bytes: given }).bytes).toBe(bytes);
  });

  it('ignores texts of another type', () => {
    const odd = { filename: 1, purpose: [], status: {} };
    expect(parseFile({ id: 'file-1', ...odd })).toEqual({ id: 'file-1' });
    expect(parseFilePage({ data: [], has_more: 'yes' }).has_more).toBeUndefined();
  });

  it('cuts what is too deep to be written', () => {
    const levels = 100_000;
    const deep = JSON.parse(`{"id":"file-1","object":"file","x":${'['.repeat(levels)}${']'.repeat(levels)}}`);
    for (const file of [parseFile(deep), parseCompletion(deep), parseUpload({ id: 'u', file: deep }).file])
      expect(JSON.stringify(file)).toBe('{"id":"file-1","object":"file","x":[[[[[[[null]]]]]]]}');
    expect(JSON.stringify(pruned(JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`))).length).toBeLessThan(
      100,
    );
  });

  it('cuts what is too long, and keeps an ordinary File whole', () => {
    const file = {
      id: 'file-1',
      object: 'file',
      bytes: 1,
      metadata: { tags: ['a', 'b'], deep: { a: { b: { c: 1 } } } },
    };
    expect(parseFile(file)).toEqual(file);
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), text => {
        const once = pruned(JSON.parse(text));
        expect(pruned(once)).toEqual(once);
      }),
    );
    const huge = { id: 'file-1', x: 'x'.repeat(1e6), y: Array.from({ length: 1e5 }, () => 'yyyyyyyyy') };
    expect(JSON.stringify(parseFile(huge)).length).toBeLessThan(150_000);
  });
});

describe('28: a wrong shape is told in the words of the API', () => {
  it.each([
    ['nothing', undefined, 'it is not a JSON object'],
    ['a list', [], 'the field "id" is missing'],
    ['a text', 'hello', 'it is not a JSON object'],
    ['no id', {}, 'the field "id" is missing'],
    ['a number for an id', { id: 5 }, 'the field "id" is of another type'],
    ['another object', { id: 'x', object: 'list' }, 'the field "object" is of another type'],
  ])('%s', (_, reply, trouble) => {
    expect(() => parseUpload(reply)).toThrow(trouble);
    expect(() => parseUpload(reply)).not.toThrow(/Invalid|Expected/);
  });
});
