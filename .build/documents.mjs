// What is written from the sources: the manual, and the schemas of the config file and of what is printed.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { define, fromRoot, own, ROOT, target } from './bundle.mjs';
import { declarationsOf } from './declarations.mjs';
import { jsonSchemaOf } from './json-schema.mjs';

/** The text of the manual page, the JSON Schemas by their names, and the types of what is printed. */
export const documents = async () => {
  const { manPage, configSchema, printed, textTypes, ...others } = await evaluated();
  const schemas = Object.entries(printed).map(([name, one]) => [name, jsonSchemaOf(one)]);
  return {
    manual: manPage(own.version, sourceDate()),
    schemas: { config: configSchema(), ...Object.fromEntries(schemas) },
    types: declarationsOf(Object.fromEntries(Object.entries(others).filter(isType)), textTypes),
  };
};

/** Schemas whose names begin with a capital are types too. */
const isType = ([name, value]) => value.kind === 'schema' && /^[A-Z]/.test(name);

/** All that the tables of the command line and the schemas export. */
async function evaluated() {
  const outfile = fromRoot('dist/documents.mjs');
  const sources = ['cli/man/man-page.ts', 'cli/config/schema.ts', ...filesIn('core/schema')];
  const contents = sources.map(path => `export * from './src/${path}';`).join('');
  const stdin = { contents, resolveDir: ROOT };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', target, define });
  const exported = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return exported;
}

const filesIn = folder =>
  readdirSync(fromRoot(`src/${folder}`), { recursive: true })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();

/** The day of the source, never that of the build; empty where nothing tells it. */
function sourceDate() {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? lastCommit();
  return seconds === undefined ? '' : new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
}

function lastCommit() {
  try {
    const quietly = { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', ['log', '-1', '--format=%ct'], quietly).trim() || undefined;
  } catch {
    return undefined; // no git here, or no repository
  }
}
