import { expect, it } from 'vitest';
import { metafile, type Output } from './metafile.ts';

/** All that is loaded with a module of the source: Node's own modules and packages, by their names. */
function loadedWith(entryPoint: string): readonly string[] {
  const [path] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entryPoint) ?? [];
  if (path === undefined) throw new Error(`no chunk begins with ${entryPoint}`);
  const paths = [path];
  for (const one of paths) paths.push(...chunksOf(outputOf(one)).filter(next => !paths.includes(next)));
  return paths.flatMap(one => [...externalsOf(outputOf(one)), ...packagesOf(outputOf(one))]);
}

const outputOf = (path: string): Output => {
  const output = metafile.outputs[path];
  if (!output) throw new Error(`no output ${path}`);
  return output;
};
const importsOf = ({ imports }: Output) => imports.filter(({ kind }) => kind !== 'dynamic-import');
const chunksOf = (output: Output) => importsOf(output).flatMap(({ path, external }) => (external ? [] : [path]));
const externalsOf = (output: Output) => importsOf(output).flatMap(({ path, external }) => (external ? [path] : []));
const packagesOf = ({ inputs }: Output) =>
  Object.keys(inputs).flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);

const CONNECTIONS = ['node:http', 'node:https', 'node:tls', 'node:net', 'got'];
const THREADS = ['node:worker_threads'];
const TERMINAL = ['ora', 'cli-progress'];
const WIDTHS = ['string-width', 'wrap-ansi', 'cli-truncate'];

it.each([
  ['src/main.ts', [...CONNECTIONS, ...THREADS, ...TERMINAL, ...WIDTHS, 'node:crypto', 'valibot']],
  ['src/commands/list.ts', [...CONNECTIONS, ...THREADS, ...TERMINAL, ...WIDTHS, 'p-limit']],
  ['src/commands/show.ts', [...CONNECTIONS, ...THREADS, ...TERMINAL, ...WIDTHS, 'p-limit']],
  ['src/commands/completion.ts', [...CONNECTIONS, ...THREADS, ...TERMINAL, 'node:crypto', 'valibot']],
  ['src/commands/check.ts', [...CONNECTIONS, ...TERMINAL]],
  ['src/commands/push.ts', ['got', ...TERMINAL]],
])('14.6: %s loads no more than it needs', (entryPoint, without) => {
  const loaded = loadedWith(entryPoint);
  expect(without.filter(name => loaded.includes(name))).toEqual([]);
});
