import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { strayLines } from '../../support/schema.ts';

const at = '2026-01-02T03:04:05.000Z';
const event = (fields: object): string => JSON.stringify({ at, path: 'a', ...fields });

test.each([
  ['an unknown type', { type: 'part.vanished' }],
  ['a missing field', { type: 'part.started', part: 1, attempt: 1 }],
  ['a field that is not documented', { type: 'upload.creating', extra: 1 }],
  ['a wrong type', { type: 'digest.progress', hashed: 'all' }],
  ['another time', { type: 'upload.creating', at: 'now' }],
])('finds %s', (_name, fields) => {
  expect(strayLines('event', [event({ type: 'upload.creating' })])).toEqual([]);
  expect(strayLines('event', [event(fields)])).toHaveLength(1);
});

test('finds a result that says that it failed, and not why', async () => {
  const box = await sandbox();
  const { stdout } = await box.run(['push', 'absent', '--purpose', 'batch', '--dry-run', '--json']);
  const { error, ...rest } = JSON.parse(stdout);
  expect(strayLines('result', [stdout])).toEqual([]);
  expect(strayLines('result', [JSON.stringify(rest)])).toHaveLength(1);
  expect(strayLines('result', [JSON.stringify({ ...rest, status: 'completed', error })])).toHaveLength(1);
});

test('every type of event that there is, is published', () => {
  const source = readFileSync(new URL('../../../src/core/events/events.ts', import.meta.url), 'utf8');
  const types = [...source.matchAll(/readonly type: '([^']+)'/g)].map(([, type]) => type as string);
  const schema = readFileSync(new URL('../../../src/report/schema/event.schema.json', import.meta.url), 'utf8');
  const published = [...schema.matchAll(/"const": "([^"]+)"/g)].map(([, type]) => type as string);
  expect(published.sort()).toEqual([...types, 'error', 'request'].sort());
});
