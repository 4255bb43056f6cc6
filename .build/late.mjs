// Loads some of Node's own modules with their first use. Their importers, dependencies among them, name them at the top
// of a file, and a start pays for what it may never use: node:tls alone takes a third of the time that Node does.
import { createRequire } from 'node:module';

const LATE = ['child_process', 'crypto', 'https', 'tls', 'worker_threads', 'zlib'];
const NAMED = new RegExp(`^(?:node:)?(${LATE.join('|')})$`);
const OURS = '\0late:';

const require = createRequire(import.meta.url);

/** For rolldown: in the place of such a module stands one that reads it when something of it is read. */
export const late = {
  name: 'late',
  resolveId: (source, importer = '') => {
    const [, name] = NAMED.exec(source) ?? [];
    return name && !importer.startsWith(OURS) ? `${OURS}${name}.cjs` : undefined;
  },
  load: id => (id.startsWith(OURS) ? standIn(id.slice(OURS.length, -'.cjs'.length)) : undefined),
};

function standIn(name) {
  const getters = Object.keys(require(name)).map(key => `get ${key}() { return load().${key}; }`);
  return `let loaded;
    const load = () => (loaded ??= require('node:${name}'));
    module.exports = { ${getters.join(', ')} };`;
}
