import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { addSecret, holdsSecret, REMOVED, withoutSecrets } from '../../../src/core/policy/secrets.ts';

const KEY = 'sk-proj-"odd\\key/with+signs=ü';
addSecret(KEY);

const bytes = Buffer.from(KEY);
const echoes: readonly (readonly [string, string])[] = [
  ['as it is', KEY],
  ['in JSON', JSON.stringify({ message: `key ${KEY}` })],
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded in small letters', encodeURIComponent(KEY).replace(/%../g, hex => hex.toLowerCase())],
  ['with every byte percent-encoded', [...bytes].map(byte => `%${byte.toString(16)}`).join('')],
  ['in hex', bytes.toString('hex')],
  ...[0, 1, 2, 3, 4, 5].flatMap(before => {
    const text = Buffer.concat([Buffer.alloc(before, 'B'), bytes, Buffer.alloc(5, 'a')]);
    return [
      [`in base64 behind ${before} bytes`, text.toString('base64')] as const,
      [`in base64url behind ${before} bytes`, text.toString('base64url')] as const,
    ];
  }),
  ['in JSON escapes', KEY.replace(/[\s\S]/g, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)],
  ['in JSON escapes, put into JSON twice', JSON.stringify(JSON.stringify(`\\u0073k${KEY.slice(2)}`)).slice(3, -3)],
  ['with slashes escaped', JSON.stringify(KEY).slice(1, -1).replaceAll('/', '\\/')],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
  ['percent-encoded in part', KEY.replace(/[aeiou-]/g, one => `%${one.charCodeAt(0).toString(16)}`)],
  ['in base64, percent-encoded', encodeURIComponent(bytes.toString('base64'))],
  ['in base64 with slashes escaped', bytes.toString('base64').replaceAll('/', '\\/')],
  ['in upper hex', bytes.toString('hex').toUpperCase()],
  ['as a bearer in base64', Buffer.from(`Bearer ${KEY}`).toString('base64')],
];

it.each(echoes)('12.14: removes the key %s', (_, echo) => {
  const text = `before ${echo} after`;
  expect(holdsSecret(text)).toBe(true);
  const clean = withoutSecrets(text);
  expect(clean).toContain(REMOVED);
  expect(clean.startsWith('before ')).toBe(true);
  expect(clean.endsWith(' after')).toBe(true);
  // Not even most of it is left.
  const base64 = clean.replace('before ', '').replace(' after', '');
  expect(Buffer.from(base64, 'base64').includes(bytes.subarray(4, -4))).toBe(false);
});

it('12.14: changes no text without a secret', () => {
  fc.assert(
    fc.property(fc.string(), text => {
      expect(withoutSecrets(text)).toBe(text);
    }),
  );
});

it('12.14: leaves short texts alone', () => {
  addSecret('local');
  expect(withoutSecrets('a local server')).toBe('a local server');
});

it('12.14: takes no long time over any text', async () => {
  // As many secrets as a run has: other tests of this process left theirs.
  vi.resetModules();
  const fresh = await import('../../../src/core/policy/secrets.ts');
  fresh.addSecret(KEY);
  const texts = ['\\', '%', '%25', '\\u00', 's', KEY.slice(0, 5), '\\/'].map(piece => piece.repeat(300_000));
  const startedAt = performance.now();
  for (const text of texts) fresh.withoutSecrets(text);
  // Seconds where it is linear, hours where it is not.
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});

it('12.14: a process that pushes for many users forgets the keys of long ago', () => {
  for (let user = 0; user < 300; user += 1) addSecret(`sk-of-user-${user}-0123456789`);
  expect(holdsSecret('sk-of-user-299-0123456789')).toBe(true);
  expect(holdsSecret('sk-of-user-1-0123456789')).toBe(false);
  addSecret(KEY);
});
