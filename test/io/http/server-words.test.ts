import { expect, it } from 'vitest';
import { statusFailure } from '../../../src/io/http/failure.ts';
import { excerpt, isPage, serverWords } from '../../../src/io/http/server-words.ts';

it.each([
  ['OpenAI', { error: { message: 'No.', code: 'no', type: 't', param: 'p' } }, 'No.'],
  ['a text', { error: 'No.' }, 'No.'],
  ['Azure', { error: { code: '401', message: 'Access denied' } }, 'Access denied'],
  ['a detail', { detail: 'Not authenticated' }, 'Not authenticated'],
  ['a problem', { title: 'Bad', detail: 'Worse' }, 'Worse'],
  ['an object of detail', { detail: { message: 'too small', code: 'part_too_small' } }, 'too small'],
  [
    'FastAPI',
    { detail: [{ loc: ['body', 'bytes'], msg: 'Field required', type: 'missing' }] },
    'body.bytes: Field required',
  ],
  [
    'FastAPI, several',
    { detail: [{ loc: ['body', 'items', 0, 'id'], msg: 'a' }, { loc: [], msg: 'b' }, { msg: 'c' }] },
    'body.items.0.id: a; b; c',
  ],
  ['a list of texts', { detail: ['a', 'b'] }, 'a; b'],
  ['a message', { message: 'No.' }, 'No.'],
  ['both', { error: { message: 'first' }, detail: 'second' }, 'first'],
] as const)('12: reads the message of %s', (_, body, message) => {
  expect(serverWords(JSON.stringify(body)).message).toBe(message);
});

it('12: cuts every word at 1,000 characters', () => {
  const long = 'x'.repeat(1e6);
  for (const body of [
    { error: { message: long, code: long } },
    { detail: long },
    { detail: [{ loc: [long], msg: long }] },
  ]) {
    const said = serverWords(JSON.stringify(body));
    for (const word of Object.values(said)) expect(word.length).toBeLessThanOrEqual(1000);
    expect(said.message?.at(-1)).toBe('…');
  }
});

it('12: a body that was cut still tells the beginning of its message', () => {
  const body = JSON.stringify({ error: { message: `say "${'x'.repeat(1e6)}` } }).slice(0, 65_536);
  expect(serverWords(body).message).toMatch(/^say "xxx.*…$/);
});

it.each([
  ['deep loc', `{"detail":[{"loc":[${'['.repeat(50_000)}${']'.repeat(50_000)}],"msg":"m"}]}`],
  ['deep detail', `{"detail":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
  ['deep error', `{"error":{"message":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`],
  ['many open tags', '<'.repeat(65_536)],
  ['many scripts', '<script '.repeat(8000)],
  ['many titles', `<html>${'<title '.repeat(9000)}`],
])('12: survives %s', (_, body) => {
  const startedAt = performance.now();
  expect((serverWords(body).message ?? '').length).toBeLessThanOrEqual(1000);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

const PAGE =
  '<!DOCTYPE html><html><head><title>403 Forbidden\n</title><style>a{}</style></head><body><h1>Blocked</h1></body></html>';

it('28: names a page by its title', () => {
  expect(isPage(PAGE)).toBe(true);
  expect(excerpt(PAGE)).toBe('a web page, "403 Forbidden"');
  expect(excerpt('<html><style>a{}</style><h1>Too  large</h1></html>')).toBe('Too large');
  expect(excerpt('size 5 < 6')).toBe('size 5 < 6');
});

const hintFor = (endpoint: 'create' | 'part' | 'file', status: number, body: string, baseUrl = 'https://h/v1') =>
  statusFailure(endpoint, { status, body, baseUrl, header: () => undefined }, 0).failure.hint;

it.each([
  ['a firewall’s page', 'create', 403, PAGE, undefined, /firewall/],
  ['a firewall’s page to a part', 'part', 403, PAGE, undefined, /firewall/],
  [
    'another country',
    'create',
    403,
    '{"error":{"message":"Country not supported","code":"unsupported_country_region_territory"}}',
    undefined,
    /supported-countries/,
  ],
  ['a base URL without a version', 'create', 404, '', 'https://h', /--base-url https:\/\/h\/v1$/],
  ['a base URL with a path', 'file', 404, '', 'https://h/proxy/', /--base-url https:\/\/h\/proxy\/v1$/],
  ['a base URL of an endpoint', 'create', 404, '', 'https://h/v1/uploads', /--base-url https:\/\/h\/v1$/],
  ['a base URL of another endpoint', 'create', 405, '', 'https://h/v1/chat/completions', /--base-url https:\/\/h\/v1$/],
  ['a page at another place', 'create', 404, PAGE, undefined, /OpenAI-compatible/],
] as const)('28: the hint for %s', (_, endpoint, status, body, baseUrl, hint) => {
  expect(hintFor(endpoint, status, body, baseUrl)).toMatch(hint);
});

it.each([
  ['a File that is not there', 'file', 404, '{}', undefined],
  ['a page of a gateway that is down', 'create', 502, PAGE, undefined],
  ['a page for a part that is too large', 'part', 413, PAGE, undefined],
  ['Azure', 'create', 404, '{}', 'https://x.openai.azure.com/openai?api-version=1'],
  ['a key that is refused', 'create', 401, '{}', undefined],
] as const)('28: no such hint for %s', (_, endpoint, status, body, baseUrl) => {
  expect(hintFor(endpoint, status, body, baseUrl)).toBeUndefined();
});
