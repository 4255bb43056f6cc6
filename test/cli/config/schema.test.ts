import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { settingsOf } from '../../../src/cli/config/config.ts';
import { configKeys } from '../../../src/cli/config/keys.ts';

/** As it is published. */
const schema = JSON.parse(readFileSync(new URL('../../../dist/schema/config.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(schema);

const isHeard = (document: unknown): boolean => {
  try {
    settingsOf({ path: 'config.json', document, folder: '/', home: '/' }, undefined);
    return true;
  } catch {
    return false;
  }
};

it('knows every setting, and $schema', () => {
  expect(Object.keys(schema.properties).sort()).toEqual(
    [...configKeys.keys(), '$schema', 'profile', 'profiles'].sort(),
  );
});

it.each([
  {},
  { $schema: './config.schema.json', retries: 3, json: true, 'part-size': '8MiB', header: ['A: 1'] },
  { profile: 'work', profiles: { work: { 'api-key-variable': 'WORK_KEY', concurrency: 'auto', verbose: 2 } } },
  { concurrency: 8, 'ca-file': 'ca.pem', 'limit-rate': 1_000_000, header: 'A: 1', verbose: true },
])('takes what is heard: %j', document => {
  expect([isValid(document), isHeard(document)]).toEqual([true, true]);
});

it.each([
  [],
  { 'part-sise': 1 },
  { 'api-key': 'x' },
  { retries: 'many', profiles: {} },
  { retries: 1001 },
  { json: 'yes' },
  { progress: 'plian' },
  { header: [1] },
  { profiles: { work: { profile: 'home' } } },
  { profiles: { work: 4 } },
  { profile: 4 },
])('refuses what is refused: %j', document => {
  expect([isValid(document), isHeard(document)]).toEqual([false, false]);
});
