// Bundles src/ into dist/: the command, the library and the programs of its threads, as ES modules that share chunks,
// each with its source map. The same commit always gives the same bytes.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const fromHere = path => join(import.meta.dirname, path);
const { version } = JSON.parse(readFileSync(fromHere('package.json'), 'utf8'));
rmSync(fromHere('dist'), { recursive: true, force: true });

const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  format: 'esm',
  minify: true,
  platform: 'node',
  // The source maps name node_modules as a folder of this one, even where it is a link.
  preserveSymlinks: true,
  target: 'node20.15',
  define: { __VERSION__: JSON.stringify(version) },
  logLevel: 'warning',
};

await build({
  ...common,
  entryPoints: {
    main: 'src/main.ts',
    index: 'src/index.ts',
    'digest-worker': 'src/engine/workers/digest-worker.ts',
    'range-worker': 'src/io/read/range-worker.ts',
    'md5-worker': 'src/io/read/md5-worker.ts',
  },
  outdir: 'dist',
  splitting: true,
  sourcemap: true,
  // CommonJS dependencies ask for Node's own modules through require, which an ES module does not have.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});

// The scripts that teach shells to ask the command.
cpSync(fromHere('src/cli/completion'), fromHere('dist/completion'), {
  recursive: true,
  filter: path => !path.endsWith('.ts'),
});

// The library's types in one file that names no package: a program that compiles against it needs nothing of ours.
const plugins = [dts({ tsconfig: fromHere('tsconfig.json') })];
const types = await rollup({ input: fromHere('src/index.ts'), plugins, onwarn: refuse });
await types.write({ file: fromHere('dist/index.d.ts') });

// The schemas of what --json and --progress=json print.
cpSync(fromHere('src/report/schema'), fromHere('dist/schema'), { recursive: true });

// The manual and the schema of the config file are written from the tables of commands and options.
const documents = fromHere('dist/documents.mjs');
await build({
  ...common,
  stdin: {
    contents: "export * from './src/cli/man/man-page.ts'; export * from './src/cli/config/schema.ts';",
    resolveDir: import.meta.dirname,
  },
  outfile: documents,
});
const { manPage, configSchema } = await import(documents);
rmSync(documents);
mkdirSync(fromHere('man'), { recursive: true });
writeFileSync(fromHere('man/oai-upload.1'), manPage(version, sourceDate()));
writeFileSync(fromHere('dist/schema/config.schema.json'), `${JSON.stringify(configSchema(), undefined, 2)}\n`);

/** The day of the source, never that of the build; empty where nothing tells it. */
function sourceDate() {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? lastCommit();
  return seconds === undefined ? '' : new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}

function lastCommit() {
  try {
    const options = { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['log', '-1', '--format=%ct'], options).trim() || undefined;
  } catch {
    return undefined; // no git here, or no repository
  }
}

// A package that is left outside would be missing where the types are used.
function refuse({ message }) {
  throw new Error(message);
}
