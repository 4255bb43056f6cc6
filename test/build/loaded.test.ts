import { expect, it } from 'vitest';
import { metafile, type Output } from './metafile.ts';

/** All that is loaded with a module of the source: Node's own modules and packages, by their names. */
const loadedWith = (source: string): readonly string[] =>
  filesWith(source).flatMap(path => [...externalsOf(outputOf(path)), ...packagesOf(outputOf(path))]);

/** The files of the build that are loaded with a module of the source. */
function filesWith(source: string): readonly string[] {
  const [path] = Object.entries(metafile.outputs).find(([, { inputs }]) => source in inputs) ?? [];
  if (path === undefined) throw new Error(`no file of the build has ${source}`);
  return reachedFrom(path);
}

function reachedFrom(path: string): readonly string[] {
  const paths = [path];
  for (const one of paths) paths.push(...chunksOf(outputOf(one)).filter(next => !paths.includes(next)));
  return paths;
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
])('14.6: %s loads no more than it needs', (source, without) => {
  const loaded = loadedWith(source);
  expect(without.filter(name => loaded.includes(name))).toEqual([]);
});

it.each([
  ['src/commands/list.ts', 8],
  ['src/commands/push.ts', 12],
])('14.6: %s comes in at most %i files', (source, most) => {
  expect(filesWith(source).length).toBeLessThanOrEqual(most);
});

it('14.6: no file of the build waits for one that waits for it', () => {
  const waiting = Object.keys(metafile.outputs).filter(path =>
    chunksOf(outputOf(path)).some(next => reachedFrom(next).includes(path)),
  );
  expect(waiting).toEqual([]);
});

it('14.6: no file of the build has a schema of what is printed', () => {
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.keys(output.inputs));
  expect(inputs).toContain('src/core/outcome/result.ts');
  expect(inputs.filter(path => path.startsWith('src/core/schema/'))).toEqual([]);
});

it('14.6: neither the library nor a thread loads the command line', () => {
  for (const source of ['src/index.ts', 'src/engine/workers/digest-worker.ts', 'src/io/read/md5-worker.ts'])
    expect(loadedWith(source)).not.toContain('commander');
});
