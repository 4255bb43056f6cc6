// Loads some of Node's own modules with their first use. Their importers, dependencies among them, name them at the top
// of a file, and a start pays for what it may never use: node:tls alone takes a third of the time that Node does.
import { createRequire } from 'node:module';

const LATE = ['child_process', 'crypto', 'fs/promises', 'https', 'timers/promises', 'tls', 'worker_threads', 'zlib'];
const NAMED = new RegExp(`^(?:node:)?(${LATE.join('|')})$`);
const OURS = '\0late:';

/** Whether a module is such a stand-in: a line or two. */
export const isStandIn = id => id.startsWith(OURS);

const require = createRequire(import.meta.url);

/** For rolldown: in the place of such a module stands one that reads it when something of it is read. No file is changed. */
export const late = {
  name: 'late',
  resolveId: (source, importer = '') => {
    const [, name] = NAMED.exec(source) ?? [];
    return name && !isStandIn(importer) ? OURS + name : undefined;
  },
  load: id => (isStandIn(id) ? { code: standIn(id.slice(OURS.length)), moduleType: 'js' } : undefined),
};

const standIn = name => {
  const getters = Object.keys(require(name)).map(key => `get ${key}() { return require('node:${name}').${key}; }`);
  return `module.exports = { ${getters.join(', ')} };`;
};
