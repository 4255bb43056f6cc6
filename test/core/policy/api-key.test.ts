import { expect, it } from 'vitest';
import { checkedKey } from '../../../src/core/policy/api-key.ts';

const NO_KEY = { missing: 'set OPENAI_API_KEY', hint: 'see the docs' };

it.each([
  ['export OPENAI_API_KEY=sk-1', 'the key begins with the name of a variable', 'without the name'],
  ['key = sk-1', 'the key begins with the name of a variable', 'without the name'],
  ['"sk-1"', 'the key has quotes around it', 'leave the quotes out'],
  ["'sk-1", 'the key has quotes around it', 'leave the quotes out'],
  ['sk-1\u201d', 'the key has quotes around it', 'leave the quotes out'],
  ['Bearer sk-1', 'the key begins with the word Bearer', 'leave that word out'],
  ['bearer', 'the key begins with the word Bearer', 'leave that word out'],
  ['$OPENAI_API_KEY', 'the key is a placeholder: nothing was put in its place', 'a variable is not replaced'],
  ['<your-key>', 'the key is a placeholder: nothing was put in its place', 'a variable is not replaced'],
  ['sk 1', 'the key holds characters that no key has: spaces or line ends', 'one word on one line'],
  ['sk-1\nsk-2', 'the key holds characters that no key has: spaces or line ends', 'one word on one line'],
  ['sk-\u00e9', 'the key holds characters that no key has', 'copy the key again'],
  ['sk-\u007f', 'the key holds characters that no key has', 'copy the key again'],
])('%j is no key', (text, message, hint) => {
  expect(() => checkedKey(text, NO_KEY)).toThrow(
    expect.objectContaining({ code: 'USAGE', reason: 'no-key', message, hint: expect.stringContaining(hint) }),
  );
});

it.each([undefined, '', ' \n'])('%j is not a key at all', text => {
  expect(() => checkedKey(text, NO_KEY)).toThrow(
    expect.objectContaining({ reason: 'no-key', message: 'no key: set OPENAI_API_KEY', hint: 'see the docs' }),
  );
});

it.each(['sk-1', ' sk-1\r\n', 'sk-a=b', 'bearers', 'a"b', 'x$y', 'a<b>', '!~'])('%j is a key', text => {
  expect(checkedKey(text, NO_KEY)).toBe(text.trim());
});
