import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandWords } from '../../../src/core/policy/command-words.ts';

it.each([
  ['pass show openai', ['pass', 'show', 'openai']],
  ['  az  account\tget ', ['az', 'account', 'get']],
  [`sh -c 'a | b "c"' "d 'e' \\" f" g\\ h`, ['sh', '-c', 'a | b "c"', `d 'e' " f`, 'g h']],
  [`a"b c"'d e'f ''`, ['ab cd ef', '']],
  ['echo $HOME *.txt "$X" \\\\', ['echo', '$HOME', '*.txt', '$X', '\\']],
])('%s', (command, words) => {
  expect(commandWords(command)).toEqual(words);
});

it.each(['', '   ', `a 'b`, 'a "b', 'a "b\\"', 'a \\', `''`])('%j is no command', command => {
  expect(commandWords(command)).toBeUndefined();
});

it('gives back every word that was quoted', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), words => {
      const [first = ''] = words;
      fc.pre(first !== '');
      const quoted = words.map(word => `'${word.replaceAll("'", `'\\''`)}'`);
      expect(commandWords(quoted.join(' '))).toEqual(words);
    }),
  );
});
