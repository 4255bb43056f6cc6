// Loads some of Node's own modules with their first use. Their importers, dependencies among them, name them at the top
// of a file, and a start pays for what it may never use: node:tls alone takes a third of the time that Node does.
import { createRequire } from 'node:module';

const LATE = ['child_process', 'crypto', 'fs/promises', 'https', 'timers/promises', 'tls', 'worker_threads', 'zlib'];
const NAMED = new RegExp(`^(?:node:)?(${LATE.join('|')})$`);
const IMPORT = new RegExp(
  `(\\bimport\\s+(?!type\\b)([^'"();]*?)\\s*from\\s*)(['"])(?:node:)?(${LATE.join('|')})\\3`,
  'g',
);

/** What stands in for a module: `late:crypto?createHash,randomBytes`, or `late:crypto?` for all of it. */
const STAND_IN = /^\0?late:([^?]+)\?(.*)$/;

/** Whether a module is such a stand-in: a line or two. */
export const isStandIn = id => STAND_IN.test(id);

const require = createRequire(import.meta.url);

/** For rolldown: in the place of such a module stands one that reads it when something of it is read. */
export const late = {
  name: 'late',
  // Each importer gets only what it names: all that a stand-in has is copied for each of them.
  transform: {
    filter: { code: new RegExp(`['"](?:node:)?(?:${LATE.join('|')})['"]`) },
    handler: code => ({ code: code.replace(IMPORT, imported), map: null }),
  },
  resolveId: (source, importer = '') => {
    if (STAND_IN.test(source)) return `\0${source}`;
    const [, name] = NAMED.exec(source) ?? [];
    return name && !STAND_IN.test(importer) ? `\0late:${name}?` : undefined;
  },
  load: id => {
    const [, name, names] = STAND_IN.exec(id) ?? [];
    return name && { code: standIn(name, names ? names.split(',') : Object.keys(require(name))), moduleType: 'js' };
  },
};

const imported = (_text, head, bindings, quote, name) => `${head}${quote}late:${name}?${namesIn(bindings)}${quote}`;

/** `createHash,randomBytes` of `{ createHash, type Hash, randomBytes as random }`; nothing where all may be used. */
function namesIn(bindings) {
  const [, list] = /^\{(.*)\}$/s.exec(bindings) ?? [];
  const names = (list ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(one => one && !one.startsWith('type '));
  return names
    .map(one => one.split(/\s+as\s+/)[0])
    .sort()
    .join(',');
}

const standIn = (name, names) =>
  `module.exports = { ${names.map(key => `get ${key}() { return require('node:${name}').${key}; }`).join(', ')} };`;
