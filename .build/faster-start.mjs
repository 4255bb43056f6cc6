// What the build changes in the modules that it bundles, so that a start loads less.
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { requiringBuiltins } from './builtins.mjs';
import { withLateConstants } from './late.mjs';

/** For esbuild, with the folder of node_modules. */
export const fasterStart = modules => ({
  name: 'faster-start',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.(ts|js|mjs)$/, namespace: 'file' }, ({ path }) => ({
      contents: withLateConstants(requiringBuiltins(readFileSync(path, 'utf8')), nameIn(modules, path)),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    })),
});

const nameIn = (folder, path) => relative(folder, path).split(sep).join('/');
