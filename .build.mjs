// Bundles src/ into dist/. The entry holds commander only, and a file of its own all that a command needs: both are
// CommonJS, which can be compiled ahead. The library is of ES modules.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
rmSync(new URL('dist', import.meta.url), { recursive: true, force: true });

const fromHere = path => join(import.meta.dirname, path);

const common = {
  absWorkingDir: import.meta.dirname,
  outdir: 'dist',
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.15',
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
};

/** Puts an empty module in a dependency's place. */
const leftOut = (name, filter) => ({
  name,
  setup({ onResolve, onLoad }) {
    onResolve({ filter }, ({ path }) => ({ path, namespace: name }));
    onLoad({ filter: /.*/, namespace: name }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
});

// commander asks for child_process only to run subcommands that are programs of their own: we have none.
const withoutChildProcess = leftOut('commander-without-child-process', /^node:child_process$/);

// got asks for http2-wrapper, and that for all of Node's http2, whether http2 is wished for or not: it is not.
const withoutHttp2 = leftOut('got-without-http2', /^http2-wrapper$/);

// What got checks its options with makes, at its start, what joins words in English: that loads ICU's data, which takes
// ten milliseconds, for messages that nobody sees.
const withoutListFormat = {
  name: 'is-without-list-format',
  setup({ onLoad }) {
    onLoad({ filter: /@sindresorhus\/is\/distribution\/index\.js$/ }, ({ path }) => {
      const formatter = /new Intl\.ListFormat\([^)]*\)/g;
      const source = readFileSync(path, 'utf8');
      if (source.match(formatter)?.length !== 2) throw new Error(`${path} is not as it was: look again`);
      return { contents: source.replace(formatter, "{ format: words => [...words].join(', ') }"), loader: 'js' };
    });
  },
};

const programs = {
  ...common,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // A compiled script can import nothing by itself, and knows its own place by another name.
  supported: { 'dynamic-import': false },
  define: { ...common.define, 'import.meta.url': '__url' },
  banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [withoutHttp2, withoutListFormat],
};
await build({ ...programs, entryPoints: { main: 'src/main.ts' }, banner: {}, plugins: [withoutChildProcess] });
await build({ ...programs, entryPoints: { act: 'src/commands/run-command.ts' } });

const modules = {
  ...common,
  format: 'esm',
  plugins: [withoutHttp2, withoutListFormat],
  // CommonJS dependencies ask for Node's own modules through require, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

await build({ ...modules, entryPoints: { index: 'src/index.ts' }, splitting: true });
await build({ ...modules, entryPoints: { 'digest-worker': 'src/engine/workers/digest-worker.ts' } });
await build({ ...modules, entryPoints: { 'range-worker': 'src/io/read/range-worker.ts' } });
await build({ ...modules, entryPoints: { 'md5-worker': 'src/io/read/md5-worker.ts' } });

// What teaches shells to ask the command.
cpSync(new URL('src/cli/completion', import.meta.url), new URL('dist/completion', import.meta.url), {
  recursive: true,
  filter: path => !path.endsWith('.ts'),
});

// The library's types in one file that names no package: whoever compiles against it needs nothing of ours.
const plugins = [dts({ tsconfig: fromHere('tsconfig.json') })];
const types = await rollup({ input: fromHere('src/index.ts'), plugins, onwarn: refuse });
await types.write({ file: fromHere('dist/index.d.ts') });

// What --json and --progress=json print, for whoever reads it.
cpSync(new URL('src/report/schema', import.meta.url), new URL('dist/schema', import.meta.url), { recursive: true });

// The manual and the schema of the config file are written from the tables of commands and options.
const documents = new URL('dist/documents.mjs', import.meta.url);
await build({
  ...common,
  outdir: undefined,
  stdin: {
    contents: "export * from './src/cli/man/man-page.ts'; export * from './src/cli/config/schema.ts';",
    resolveDir: import.meta.dirname,
  },
  format: 'esm',
  outfile: 'dist/documents.mjs',
});
const { manPage, configSchema } = await import(documents.href);
rmSync(documents);
const date = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? Date.now() / 1000) * 1000).toISOString().slice(0, 10);
mkdirSync(new URL('man', import.meta.url), { recursive: true });
writeFileSync(new URL('man/oai-upload.1', import.meta.url), manPage(version, date));
writeFileSync(
  new URL('dist/schema/config.schema.json', import.meta.url),
  `${JSON.stringify(configSchema(), undefined, 2)}\n`,
);

// A package that were left outside would be missing where the types are used.
function refuse({ message }) {
  throw new Error(message);
}

execFileSync(process.execPath, [fromHere('.compile.cjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
