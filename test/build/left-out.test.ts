import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/packed.ts';

const GOT = join(ROOT, 'node_modules/got/dist/source');

it('14.6: has all that got uses of @sindresorhus/is', async () => {
  const standIn = await import(/* @vite-ignore */ join(ROOT, '.build/left-out/intl.mjs'));
  const files = (await readdir(GOT, { recursive: true })).filter(name => name.endsWith('.js'));
  const texts = await Promise.all(files.map(name => readFile(join(GOT, name), 'utf8')));
  const uses = texts.filter(text => text.includes("from '@sindresorhus/is'")).flatMap(usesIn);
  expect(uses.length).toBeGreaterThan(50);
  for (const [of, name] of uses) expect(standIn[of][name], `${of}.${name}`).toBeTypeOf('function');
  expect(standIn.isBuffer(Buffer.alloc(1))).toBe(true);
});

const usesIn = (text: string): readonly (readonly [of: string, name: string])[] =>
  [...text.matchAll(/\b(is|assert)\.([a-zA-Z]+)/g)].map(([, of, name]) => [
    of === 'is' ? 'default' : 'assert',
    name ?? '',
  ]);

it('14.6: no import of got is missing in the stand-in', async () => {
  const texts = await Promise.all(
    (await readdir(GOT, { recursive: true }))
      .filter(name => name.endsWith('.js'))
      .map(name => readFile(join(GOT, name), 'utf8')),
  );
  const names = texts.flatMap(
    text => /import is(?:, \{ (.*) \})? from '@sindresorhus\/is'/.exec(text)?.[1]?.split(', ') ?? [],
  );
  expect(new Set(names)).toEqual(new Set(['assert', 'isBuffer']));
});
