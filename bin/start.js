// Starts the command, whose files are in dist/.
const { enableCompileCache } = require('node:module');
const { privateCacheFolder } = require('./cache-folder.js');

/** Runs the command line. Node 22.1 and newer keep what they compiled, where there is a safe place for it. */
module.exports = interrupts => {
  const folder = enableCompileCache && !process.env.NODE_DISABLE_COMPILE_CACHE && privateCacheFolder(process);
  if (folder) enableCompileCache(folder);
  require('../dist/main.cjs').run(process, interrupts);
};
