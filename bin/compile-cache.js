// Keeps what Node compiles for the next start. Written for Node 22.1 and newer, which can.
const { enableCompileCache } = require('node:module');
const { privateCacheFolder } = require('./cache-folder.js');

if (!process.env.NODE_DISABLE_COMPILE_CACHE) {
  // None where there is no safe place for it.
  const folder = privateCacheFolder(process);
  if (folder) enableCompileCache(folder);
}
