// The library's types in one file that names no package: a program that compiles against it needs nothing of ours.
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { fromRoot } from './bundle.mjs';

/** Writes dist/index.d.ts. The declarations are those of the schemas, which the compiler would write as valibot's types. */
export const writeTypes = async declarations => {
  const path = fromRoot('dist/schemas.d.ts');
  writeFileSync(path, declarations);
  const plugins = [insteadOf(fromRoot('src/core/schema/'), path), dts({ tsconfig: fromRoot('tsconfig.json') })];
  const types = await rollup({ input: fromRoot('src/index.ts'), plugins, onwarn: refuse });
  await types.write({ file: fromRoot('dist/index.d.ts') });
  rmSync(path);
};

/** One file takes the place of all of a folder. */
const insteadOf = (folder, path) => ({
  name: 'schemas',
  resolveId: (source, importer) =>
    importer && source.startsWith('.') && join(dirname(importer), source).startsWith(folder) ? path : null,
});

// A package that is left outside would be missing where the types are used.
function refuse({ message }) {
  throw new Error(message);
}
