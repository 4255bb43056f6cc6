// The command, the library and the programs of their threads, as ES modules that share chunks, each with its source map.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export const ROOT = join(import.meta.dirname, '..');
export const fromRoot = path => join(ROOT, path);

/** The package.json of the package that is built. */
export const own = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));

export const options = {
  absWorkingDir: ROOT,
  bundle: true,
  format: 'esm',
  minify: true,
  platform: 'node',
  // The source maps name node_modules as a folder of this one, even where it is a link.
  preserveSymlinks: true,
  target: 'node20.15',
  define: { __VERSION__: JSON.stringify(own.version) },
  alias: { 'http2-wrapper': './.build/http2-left-out.mjs' },
  logLevel: 'warning',
};

/** The programs of the threads. */
export const threads = {
  'digest-worker': 'src/engine/workers/digest-worker.ts',
  'range-worker': 'src/io/read/range-worker.ts',
  'md5-worker': 'src/io/read/md5-worker.ts',
};

const programs = {
  ...options,
  entryPoints: { main: 'src/main.ts', index: 'src/index.ts', ...threads },
  outdir: 'dist',
  splitting: true,
  sourcemap: true,
  metafile: true,
  // CommonJS dependencies ask for Node's own modules through require, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

/** Bundles src/ into dist/; resolves with esbuild's metafile, which tells what is inside. */
export const bundle = async () => (await build(programs)).metafile;

/** What `bundle` would put into dist/, without writing it. */
export const metafileOf = async () => (await build({ ...programs, write: false })).metafile;
