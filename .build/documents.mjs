// What is written from the tables of the command line: the manual and the schema of the config file.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { define, fromRoot, own, ROOT, target } from './bundle.mjs';

/** The texts of the manual page and of the config file's schema. */
export const documents = async () => {
  const outfile = fromRoot('dist/documents.mjs');
  const contents = "export * from './src/cli/man/man-page.ts'; export * from './src/cli/config/schema.ts';";
  const stdin = { contents, resolveDir: ROOT };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', target, define });
  const { manPage, configSchema } = await import(pathToFileURL(outfile).href);
  rmSync(outfile);
  return { manual: manPage(own.version, sourceDate()), configSchema: configSchema() };
};

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
