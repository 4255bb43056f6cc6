// Constants of bundled packages that are made when they are first used. Made at load, as these packages do, they take 10 to
// 30 ms of a start, for tables of Unicode and of languages that it almost never needs.

/** Constants at the top of a module that are only used as `NAME.method(…)`, by the module's path in node_modules. */
const LATE = {
  '@sindresorhus/is/distribution/index.js': ['andFormatter', 'orFormatter'],
  'slice-ansi/tokenize-ansi.js': ['GRAPHEME_SEGMENTER'],
  'string-width/index.js': ['segmenter', 'rgiEmojiRegex'],
  'wrap-ansi/index.js': ['segmenter'],
};

/** The text of a module of a package with its late constants. Throws where it no longer has them. */
export const withLateConstants = (text, path) => (LATE[path] ?? []).reduce(madeLate, text);

/** `const NAME = VALUE;` becomes `let NAME;`, and `NAME.` becomes `(NAME ??= VALUE).` */
function madeLate(text, name) {
  const [whole, value] = new RegExp(`^const ${name} = (.+);$`, 'm').exec(text) ?? [];
  const call = new RegExp(`\\b${name}(?=\\.\\w)`, 'g');
  const uses = text.replaceAll(/\/\/.*$/gm, '').match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
  const calls = text.match(call) ?? [];
  if (whole === undefined || calls.length === 0 || uses.length !== calls.length + 1)
    throw new Error(`a bundled package no longer has a constant ${name} that can be made late`);
  return text.replace(whole, `let ${name};`).replaceAll(call, () => `(${name} ??= ${value})`);
}
