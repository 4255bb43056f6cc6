// Starts the command, whose files are in dist/.
const { enableCompileCache } = require('node:module');

/** Runs the command line. Node 22.1 and newer keep what they compiled, where there is a safe place for it. */
module.exports = interrupts => {
  if (enableCompileCache && !process.env.NODE_DISABLE_COMPILE_CACHE) keepCompiled();
  require('../dist/main.cjs').run(process, interrupts);
};

function keepCompiled() {
  const { privateCacheFolder } = require('./cache-folder.js');
  const folder = privateCacheFolder(process);
  if (folder) enableCompileCache(folder);
}
