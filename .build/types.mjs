// The library's types in one file that names no package: a program that compiles against it needs nothing of ours.
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { fromRoot } from './bundle.mjs';

/** Writes dist/index.d.ts. */
export const writeTypes = async () => {
  const plugins = [dts({ tsconfig: fromRoot('tsconfig.json') })];
  const types = await rollup({ input: fromRoot('src/index.ts'), plugins, onwarn: refuse });
  await types.write({ file: fromRoot('dist/index.d.ts') });
};

// A package that is left outside would be missing where the types are used.
function refuse({ message }) {
  throw new Error(message);
}
