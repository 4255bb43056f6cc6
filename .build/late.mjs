// Constants of bundled packages that are made when they are first used. Made at load, as these packages do, they take 10 to
// 30 ms of a start, for tables of Unicode and of languages that it almost never needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Constants at the top of a module that are only used as `NAME.method(…)`. */
const LATE = {
  '@sindresorhus/is/distribution/index.js': ['andFormatter', 'orFormatter'],
  'slice-ansi/tokenize-ansi.js': ['GRAPHEME_SEGMENTER'],
  'string-width/index.js': ['segmenter', 'rgiEmojiRegex'],
  'wrap-ansi/index.js': ['segmenter'],
};

/** For esbuild, with the folder of node_modules. Fails the build where a package no longer has such a constant. */
export const late = modules => ({
  name: 'late',
  setup: ({ onLoad }) => {
    const files = new Map(Object.entries(LATE).map(([file, names]) => [join(modules, file), names]));
    // Other copies of a package, below that of another, stay as they are.
    onLoad({ filter: /[\\/](is|slice-ansi|string-width|wrap-ansi)[\\/].*\.js$/ }, ({ path }) => {
      const names = files.get(path);
      return names && { contents: names.reduce(madeLate, readFileSync(path, 'utf8')), loader: 'js' };
    });
  },
});

/** `const NAME = VALUE;` becomes `let NAME;`, and `NAME.` becomes `(NAME ??= VALUE).` */
export function madeLate(text, name) {
  const [whole, value] = new RegExp(`^const ${name} = (.+);$`, 'm').exec(text) ?? [];
  const call = new RegExp(`\\b${name}(?=\\.\\w)`, 'g');
  const uses = text.replaceAll(/\/\/.*$/gm, '').match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
  const calls = text.match(call) ?? [];
  if (whole === undefined || calls.length === 0 || uses.length !== calls.length + 1)
    throw new Error(`a bundled package no longer has a constant ${name} that can be made late`);
  return text.replace(whole, `let ${name};`).replaceAll(call, () => `(${name} ??= ${value})`);
}
