import fc from 'fast-check';
import standard from 'mime/lite';
import standardTypes from 'mime/types/standard.js';
import { expect, it } from 'vitest';
import { mimeTypeOf } from '../../../src/io/api/mime-type.ts';

const registered = Object.values(standardTypes).flat();

it.each([
  ['lines.jsonl', 'application/jsonl'],
  ['Main.TS', 'application/typescript'],
  ['a.tar.gz', 'application/gzip'],
  ['page.html', 'text/html'],
  ['nothing', 'application/octet-stream'],
  ['of.no-type', 'application/octet-stream'],
])('names the type of %s', (filename, type) => {
  expect(mimeTypeOf(filename)).toBe(type);
});

it('names what the package `mime` names, but where the API differs', () => {
  const dot = fc.constantFrom('.', '..', '', '/.', '/', '\\');
  const name = fc
    .tuple(fc.string(), dot, fc.constantFrom(...registered, '*jpm', 'unknown'))
    .map(parts => parts.join(''));
  fc.assert(
    fc.property(name, filename => {
      const ofTheApi = /(?:^|[./\\])(?:jsonl|ndjson|ts|sh|m?js|[ch]|cpp|cc|hpp|cs|go|java|php|py|rb|tex)$/i;
      if (ofTheApi.test(filename)) return;
      expect(mimeTypeOf(filename)).toBe(standard.getType(filename) ?? 'application/octet-stream');
    }),
  );
});
