import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from '@typescript/typescript6';
import { init, parse } from 'es-module-lexer';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const MAX_LINES = 200;
const MAX_FUNCTION_LINES = 40;
const MAX_FILES = 20;

/** What the files of a folder may import: folders of src, Node's own modules. Packages are in PACKAGES. */
type Rule = { readonly folders: readonly string[]; readonly node: readonly string[] | 'any' };

const RULES: Readonly<Record<string, Rule>> = {
  core: { folders: ['core'], node: [] },
  transfer: { folders: ['transfer', 'core'], node: [] },
  io: { folders: ['io', 'core'], node: 'any' },
  // The last three read the source maps of a bug's stack.
  report: { folders: ['report', 'core'], node: ['node:process', 'node:util', 'node:fs', 'node:module', 'node:url'] },
  cli: { folders: ['cli', 'core'], node: ['node:path'] },
  server: { folders: ['server', 'core'], node: 'any' },
  check: { folders: ['check', 'core'], node: [] },
  doctor: { folders: ['doctor', 'core'], node: [] },
  // Here ports meet adapters.
  engine: { folders: ['engine', 'transfer', 'io', 'check', 'core'], node: 'any' },
  library: { folders: ['library', 'engine', 'io', 'core'], node: 'any' },
  // The only folder that knows cli, engine and report together.
  commands: {
    folders: ['commands', 'engine', 'cli', 'transfer', 'io', 'report', 'server', 'check', 'doctor', 'core'],
    node: 'any',
  },
  'index.ts': { folders: ['library', 'core'], node: [] },
  'main.ts': { folders: ['commands', 'cli', 'io'], node: [] },
};

/** Where each package is named: swapping one touches that place. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  commander: ['cli/program.ts', 'cli/help.ts'],
  got: ['io/http/client.ts'],
  ora: ['report/terminal/terminal.ts'],
  'cli-progress': ['report/terminal/terminal.ts'],
  'p-limit': ['commands/', 'engine/'],
  valibot: ['core/model/', 'core/schema/', 'server/'],
  'xxhash-wasm': ['io/read/checksum.ts'],
  ignore: ['io/source/folder-files.ts'],
  'env-paths': ['io/state/folders.ts'],
  'string-width': ['report/text/width.ts'],
  'cli-truncate': ['report/text/width.ts'],
  'wrap-ansi': ['report/text/wrap.ts'],
  leven: ['cli/options/suggest.ts'],
  mime: ['io/api/mime-type.ts'],
  'pretty-bytes': ['report/text/format.ts'],
  'pretty-ms': ['report/text/format.ts'],
};

type Import = { readonly from: string; readonly specifier: string; readonly isOfTypes: boolean };

await init;
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
const texts = new Map(files.map(file => [file, readFileSync(join(SRC, file), 'utf8')]));
const imports: readonly Import[] = [...texts].flatMap(([from, text]) => importsOf(from, text));

it('reads every import, of types too', () => {
  const text = `import type { A } from './a.ts';
    import { type B, c } from './b.ts';
    export type { D } from './d.ts';
    export * from './e.ts';
    import './f.ts';
    const g = <T>(x: T): T => x as T;
    const h = await import('./h.ts');`;
  expect(importsOf('x.ts', text).map(({ specifier }) => specifier)).toEqual(
    ['a', 'b', 'd', 'e', 'f', 'h'].map(name => `./${name}.ts`),
  );
  expect(imports.length).toBeGreaterThan(files.length);
});

it('has a rule for every folder', () => {
  expect([...new Set(files.map(folderOf))].filter(folder => !(folder in RULES))).toEqual([]);
});

it('imports across folders in commands, engine, library and at the top only', () => {
  const strays = imports.filter(({ from, specifier }) => {
    if (!specifier.startsWith('.')) return false;
    return !RULES[folderOf(from)]?.folders.includes(folderOf(resolved(from, specifier)));
  });
  expect(strays.map(arrow)).toEqual([]);
});

it("keeps Node's own modules out of the core and the transfer", () => {
  const strays = imports.filter(({ from, specifier }) => {
    const allowed = RULES[folderOf(from)]?.node ?? [];
    return specifier.startsWith('node:') && allowed !== 'any' && !allowed.includes(specifier);
  });
  expect(strays.map(arrow)).toEqual([]);
});

it('names each package in its one place', () => {
  const strays = imports.filter(({ from, specifier }) => {
    if (/^(\.|node:)/.test(specifier)) return false;
    return !PACKAGES[packageOf(specifier)]?.some(place =>
      place.endsWith('/') ? from.startsWith(place) : from === place,
    );
  });
  expect(strays.map(arrow)).toEqual([]);
});

it('14.8: depends on no package where it is installed; what it imports is bundled', () => {
  const { dependencies = {}, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(dependencies).toEqual({});
  const imported = imports.map(({ specifier }) => specifier).filter(specifier => !/^(\.|node:)/.test(specifier));
  expect(imported.map(packageOf).filter(name => !(name in devDependencies))).toEqual([]);
  expect(Object.keys(PACKAGES).filter(name => !imported.map(packageOf).includes(name))).toEqual([]);
});

it('has no circle of imports, types aside', () => {
  const next = (file: string): readonly string[] =>
    imports
      .filter(({ from, specifier, isOfTypes }) => from === file && specifier.startsWith('.') && !isOfTypes)
      .map(({ from, specifier }) => resolved(from, specifier));
  const reaches = (start: string): boolean => {
    const seen = new Set<string>();
    const queue = [...next(start)];
    for (const file of queue) {
      if (!seen.has(file)) queue.push(...next(file));
      seen.add(file);
    }
    return seen.has(start);
  };
  expect(files.filter(reaches)).toEqual([]);
});

it('14.6: loads no schema of what is printed: they are for the build, and for the compiler', () => {
  const isSchema = (file: string): boolean => file.startsWith('core/schema/');
  const strays = imports.filter(
    ({ from, specifier, isOfTypes }) => !isSchema(from) && isSchema(resolved(from, specifier)) && !isOfTypes,
  );
  expect(strays.map(arrow)).toEqual([]);
});

it('has nothing that imports main or index', () => {
  const entries = ['main.ts', 'index.ts'];
  expect(imports.filter(({ from, specifier }) => entries.includes(resolved(from, specifier))).map(arrow)).toEqual([]);
});

it('has one engine: pushFile is called in one place, by the engine', () => {
  const callers = [...texts].filter(([, text]) => /\bpushFile\b.*transfer\/push-file/.test(text)).map(([file]) => file);
  expect(callers).toEqual(['engine/uploader.ts']);
});

it(`has no file above ${MAX_LINES} lines`, () => {
  const long = [...texts].filter(([, text]) => text.split('\n').length - 1 > MAX_LINES);
  expect(long.map(([file]) => file)).toEqual([]);
});

it('13: measures functions within functions, and no types', () => {
  const text = 'type F = (\n) => void;\nconst f = () => {\n  const g = () =>\n    1;\n};\nclass C {\n  m() {\n  }\n}';
  expect(functionsOf('x.ts', text).map(({ place, lines }) => [place, lines])).toEqual([
    ['x.ts:3', 4],
    ['x.ts:4', 2],
    ['x.ts:8', 2],
  ]);
});

it(`13: has no function above ${MAX_FUNCTION_LINES} lines, those within it counted`, () => {
  const functions = [...texts].flatMap(([file, text]) => functionsOf(file, text));
  expect(functions.length).toBeGreaterThan(files.length);
  expect(functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES)).toEqual([]);
});

it(`13: has no folder above ${MAX_FILES} files`, () => {
  const isCrowded = (folder: string): boolean => files.filter(file => dirname(file) === folder).length > MAX_FILES;
  expect([...new Set(files.map(dirname))].filter(isCrowded)).toEqual([]);
});

it.each([
  ['nothing before the command line is read', 'main.ts', []],
  ['commander only before a command is known', 'cli/program.ts', ['commander']],
])('loads %s', async (_what, source, expected) => {
  const { metafile } = await build({
    entryPoints: [join(SRC, source)],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: join(ROOT, 'dist'),
    write: false,
    metafile: true,
    define: { __VERSION__: '""' },
    logLevel: 'silent',
  });
  const entry = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint?.endsWith(source));
  const loaded = new Set<string>();
  const load = (path: string): void => {
    const output = metafile.outputs[path];
    if (!output || loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of output.imports) if (kind === 'import-statement') load(next);
  };
  load(entry?.[0] ?? '');
  const inputs = [...loaded].flatMap(path => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  const packages = inputs.flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(packages)]).toEqual(expected);
});

function importsOf(from: string, text: string): readonly Import[] {
  return parse(text)[0].flatMap(found => {
    if (found.type === 'import-meta') return [];
    // A computed name could be anything.
    const specifier = found.specifier ?? 'unknown';
    return [{ from, specifier, isOfTypes: found.type === 'static' && found.typeOnly }];
  });
}

/** Every function that has a body: where it begins, and its lines from its first word to its end. */
function functionsOf(file: string, text: string): readonly { readonly place: string; readonly lines: number }[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const within = (node: ts.Node): readonly ts.Node[] => [node, ...children(node).flatMap(within)];
  return within(source)
    .filter(node => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
    .map(node => ({
      place: `${file}:${lineOf(node.getStart())}`,
      lines: lineOf(node.getEnd()) - lineOf(node.getStart()) + 1,
    }));
}

const children = (node: ts.Node): readonly ts.Node[] => {
  const found: ts.Node[] = [];
  ts.forEachChild(node, child => void found.push(child));
  return found;
};

/** `core` of `core/part.ts`; a file at the top is its own. */
function folderOf(file: string): string {
  return file.split('/')[0] ?? file;
}

function resolved(from: string, specifier: string): string {
  return relative(SRC, join(SRC, dirname(from), specifier));
}

/** `mime` of `mime/lite`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const arrow = ({ from, specifier }: Import): string => `${from} → ${specifier}`;

/** Words of `CONTRIBUTING.md`, "Language": each has a plainer one. */
const BANNED =
  /\b(whoever|whatever is|lest|shall|wished|in hand|told of|heard of|asked for|nobody|thereof|whence|by itself)\b/i;

it('speaks plain English', () => {
  const docs = readdirSync(join(ROOT, 'docs')).map(page => `docs/${page}`);
  const pages = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs].map(
    page => [page, readFileSync(join(ROOT, page), 'utf8')] as const,
  );
  const strays = [...texts, ...pages].flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => (BANNED.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(strays).toEqual([]);
});
