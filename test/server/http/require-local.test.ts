import { expect, it } from 'vitest';
import { local } from '../support/local.ts';
import { rawRequest } from '../support/raw.ts';

it.each([
  { headers: { host: 'evil.example' }, status: 403 },
  { headers: { host: '127.0.0.1.evil.example:80' }, status: 403 },
  { headers: { origin: 'https://evil.example' }, status: 403 },
  { headers: { origin: 'null' }, status: 403 },
  { headers: { host: 'localhost:1234' }, status: 200 },
  { headers: { host: '[::1]' }, status: 200 },
  { headers: { host: '127.9.9.9' }, status: 200 },
  { headers: { origin: 'http://localhost:3000' }, status: 200 },
])('12.18: without a key $headers is answered with $status', async ({ headers, status }) => {
  const { url } = await local({ key: undefined as never });
  expect(
    (await rawRequest(`${url}/files`, { method: 'GET', headers: { ...headers } as Record<string, string> })).status,
  ).toBe(status);
});

it('12.18: with a key the key decides', async () => {
  const { url } = await local();
  expect((await rawRequest(`${url}/files`, { method: 'GET', headers: { host: 'api.example' } })).status).toBe(200);
});
