import { expect, it } from 'vitest';
import { metafile } from './metafile.ts';

it("14.6: imports none of Node's own modules but to get `require`", () => {
  const imports = Object.values(metafile.outputs).flatMap(output => output.imports);
  const kinds = imports.filter(({ external }) => external).map(({ kind, path }) => `${kind} of ${path}`);
  expect(kinds.filter(kind => kind.startsWith('import-statement'))).toEqual([]);
  expect(kinds.length).toBeGreaterThan(20);
});
