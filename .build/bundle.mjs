// The command, the library and the programs of their threads, as the files of dist/ that share what they need.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { fileOf } from './files.mjs';
import { late } from './late.mjs';

export const ROOT = join(import.meta.dirname, '..');
export const fromRoot = path => join(ROOT, path);

/** The package.json of the package that is built. */
export const own = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));

/** What each bundle of this project has in common. */
export const target = 'node20.15';
export const define = { __VERSION__: JSON.stringify(own.version) };
export const alias = {
  'http2-wrapper': fromRoot('.build/left-out/http2.mjs'),
  'cacheable-request': fromRoot('.build/left-out/caching.mjs'),
  'cacheable-lookup': fromRoot('.build/left-out/caching.mjs'),
  '@sindresorhus/is': fromRoot('.build/left-out/intl.mjs'),
};

/** The programs of the threads. */
export const threads = {
  'digest-worker': 'src/engine/workers/digest-worker.ts',
  'range-worker': 'src/io/read/range-worker.ts',
  'md5-worker': 'src/io/read/md5-worker.ts',
};

const library = 'src/index.ts';

const programs = {
  cwd: ROOT,
  input: { main: 'src/main.ts', library, ...threads },
  platform: 'node',
  plugins: [late],
  // The source maps name node_modules as a folder of this one, even where it is a link.
  resolve: { alias, symlinks: false },
  transform: { define, target },
  preserveEntrySignatures: 'allow-extension',
};

/**
 * CommonJS, because it starts faster: where an ES module imports one of Node's own, Node loads all that this one offers,
 * and the modules come one turn of the loop after another.
 */
const files = {
  dir: fromRoot('dist'),
  format: 'cjs',
  exports: 'named',
  dynamicImportInCjs: false,
  minify: true,
  // One character beyond Latin makes V8 read two bytes for each character of a file.
  charset: 'ascii',
  sourcemap: true,
  entryFileNames: '[name].cjs',
  // After an update, a process that began before it must not load a newer file by an older name.
  chunkFileNames: '[name]-[hash].cjs',
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: fileOf([library, ...Object.values(threads)], fromRoot), debugName: 'steps' }],
  },
};

/** Bundles src/ into dist/; resolves with a metafile, which tells what is inside. */
export const bundle = async () => {
  const metafile = await bundled(build => build.write(files));
  // The face of the library is an ES module.
  writeFileSync(fromRoot('dist/index.js'), "export { push, UploadError } from './library.cjs';\n");
  return metafile;
};

/** What `bundle` would put into dist/, without writing it. */
export const metafileOf = () => bundled(build => build.generate(files));

async function bundled(output) {
  const build = await rolldown(programs);
  const { output: made } = await output(build);
  await build.close();
  return { outputs: Object.fromEntries(made.filter(({ type }) => type === 'chunk').map(described)) };
}

/** A file in the words of esbuild's metafile. */
const described = ({ fileName, modules, imports, dynamicImports }) => {
  const named = (kind, paths) => paths.map(path => linkTo(path, kind));
  return [
    `dist/${fileName}`,
    {
      inputs: Object.fromEntries(Object.entries(modules).map(inputOf)),
      imports: [...named('import-statement', imports), ...named('dynamic-import', dynamicImports)],
    },
  ];
};

const inputOf = ([id, { renderedLength }]) => [relative(ROOT, id), { bytesInOutput: renderedLength }];

const linkTo = (path, kind) =>
  path.endsWith('.cjs') ? { path: `dist/${path}`, kind, external: false } : { path, kind, external: true };
