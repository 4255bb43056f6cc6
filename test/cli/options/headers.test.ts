import { expect, it } from 'vitest';
import { parseHeaders } from '../../../src/cli/options/headers.ts';
import { UploadError } from '../../../src/core/errors/errors.ts';

it('reads one header a line; the later wins, in whatever case', () => {
  expect(parseHeaders('X-Team: a b\r\n\nx-url:http://x/?a=b:c\nX-TEAM:  other \nx-none:')).toEqual({
    'x-team': 'other',
    'x-url': 'http://x/?a=b:c',
    'x-none': '',
  });
});

it.each([
  'Authorization: Bearer x',
  'api-key: x',
  'Content-Length: 1',
  'content-type: x/y',
  'HOST: x',
  'expect: 100-continue',
])('may not set %s', line => {
  expect(() => parseHeaders(line)).toThrow(/^--header may not set [a-z-]+$/);
});

it.each([
  'no-colon-secret',
  ': secret',
  'na me: secret',
  'x: sec\u0000ret',
  'x: secret\u20ac',
])('refuses %j without repeating the value', line => {
  const refuse = () => parseHeaders(line);
  expect(refuse).toThrow(UploadError);
  expect(refuse).not.toThrow('secret');
});
