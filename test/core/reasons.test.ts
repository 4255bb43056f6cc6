import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasons } from '../../src/core/errors/reasons.ts';

it('13.5: the documents list every reason of an error, and no other', () => {
  const page = readFileSync(new URL('../../docs/json-and-events.md', import.meta.url), 'utf8');
  const list = /`reason` is a finer word: (.*?)\. Fields/.exec(page)?.[1] ?? '';
  const listed = [...list.matchAll(/`([^`]+)`/g)].map(([, word]) => word);
  expect(listed).toEqual(['http-<status>', ...reasons]);
});
