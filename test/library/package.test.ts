import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { MiB, sameBytes } from '../support/files.ts';
import { fineTuneFile } from '../support/jsonl.ts';
import { installed, packed, ROOT } from '../support/packed.ts';
import { testServer } from '../support/server.ts';

const tool = (name: string): string => join(ROOT, 'node_modules', name);

it.each([
  ['publint', 'publint/src/cli.js', ['--strict', '--pack=false']],
  ['@arethetypeswrong/cli', '@arethetypeswrong/cli/dist/index.js', ['--profile', 'esm-only']],
])('has nothing that %s complains of', async (_name, program, flags) => {
  const box = await sandbox();
  const { tarball } = await packed(box);
  const { exitCode, stdout, stderr } = await startProcess(process.execPath, [tool(program), tarball, ...flags], {
    cwd: box.work,
    env: box.env,
  }).ended;
  expect(exitCode, stdout + stderr).toBe(0);
});

it('runs the example of the README as it is printed there', async () => {
  const [box, server] = [await sandbox(), await testServer()];
  const folder = await installed(box);
  const file = await fineTuneFile(join(folder, 'train.jsonl'), 20 * MiB);
  await writeFile(join(folder, 'example.mjs'), await exampleOfReadme());
  const run = () =>
    startProcess(process.execPath, ['example.mjs'], { cwd: folder, env: { ...box.env, ...server.env } }).ended;
  const { exitCode, stdout, stderr } = await run();
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [id = ''] = stdout.trim().split('\n').slice(-1);
  expect(await sameBytes(await server.contentPath(id), file)).toBe(true);

  await server.close();
  await writeFile(file, '');
  const failed = await run();
  expect(failed).toMatchObject({ exitCode: 3, stdout: '' });
  expect(failed.stderr).toContain('train.jsonl is empty');
});

it('finds its schemas, and is imported, by the names of the package', async () => {
  const box = await sandbox();
  const folder = await installed(box);
  const text = `
    import { createRequire } from 'node:module';
    import * as library from 'oai-upload';
    const require = createRequire(import.meta.url);
    const titles = ['result', 'event'].map(name => require(\`oai-upload/schema/\${name}.schema.json\`).title);
    console.log(JSON.stringify([Object.keys(library), titles, require('oai-upload/package.json').name]));`;
  await writeFile(join(folder, 'names.mjs'), text);
  const { stdout, stderr } = await startProcess(process.execPath, ['names.mjs'], { cwd: folder, env: box.env }).ended;
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    ['UploadError', 'push'],
    ['A result of oai-upload', 'An event of oai-upload'],
    'oai-upload',
  ]);
});

it.each([
  ['what a browser has', { lib: ['ES2022', 'DOM'], types: [] }],
  ["Node's types", { lib: ['ES2022'], types: ['node'], typeRoots: [tool('@types')] }],
])('compiles against %s alone, strictly', async (_name, surroundings) => {
  const box = await sandbox();
  const folder = await installed(box);
  await cp(join(import.meta.dirname, 'types/consumer.ts'), join(folder, 'consumer.ts'));
  const strictly = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  const compilerOptions = { module: 'NodeNext', target: 'ES2022', noEmit: true, skipLibCheck: false };
  const config = { compilerOptions: { ...compilerOptions, ...strictly, ...surroundings }, files: ['consumer.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compiler = [tool('typescript/bin/tsc'), '-p', folder];
  const { exitCode, stdout } = await startProcess(process.execPath, compiler, { cwd: folder, env: box.env }).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
});

/** The first block of JavaScript of the page on the library. */
async function exampleOfReadme(): Promise<string> {
  const text = await readFile(join(ROOT, 'docs/library.md'), 'utf8');
  return /```js\n(.*?)```/s.exec(text)?.[1] ?? 'throw new Error("the page has no example")';
}
