import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { ResultError } from '../../../src/core/schema/error.ts';
import { EventLine } from '../../../src/core/schema/events/events.ts';
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

const documented = (): readonly string[] => {
  const page = readFileSync(new URL('../../../docs/json-and-events.md', import.meta.url), 'utf8');
  const list = /each with `type`, `at` and `path`: (.*?)\. /.exec(page)?.[1] ?? '';
  return [...list.matchAll(/`([a-z.]+)`/g)].map(([, type]) => type as string);
};

test('every type of event is published, and in the documents', () => {
  const schema = readFileSync(new URL('../../../dist/schema/event.schema.json', import.meta.url), 'utf8');
  const published = [...schema.matchAll(/"const": "([^"]+)"/g)].map(([, type]) => type as string);
  const types = EventLine.options.map(({ entries }) => entries.type.literal);
  expect(published).toEqual(types);
  expect([...documented(), 'request'].sort()).toEqual([...types].sort());
});

test('a reason is one of the list, or a status', () => {
  const { reason } = ResultError.entries;
  expect(['dns', 'http-503', 'bug'].filter(word => !v.is(reason, word))).toEqual([]);
  expect(['dsn', 'http-', 'http-503x', ''].filter(word => v.is(reason, word))).toEqual([]);
  const failed = { code: 'BUG', message: '', hint: null, exit_code: 1, http_status: null, request_id: null };
  expect(strayLines('event', [event({ type: 'error', ...failed, reason: 'http-503' })])).toEqual([]);
  expect(strayLines('event', [event({ type: 'error', ...failed, reason: 'of another version' })])).toHaveLength(1);
});
