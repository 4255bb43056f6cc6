// Node runs what it finds in its compile cache, so another user must not be able to write there.
const { lstatSync, mkdirSync, statSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, isAbsolute, join } = require('node:path');

const GROUP_OR_OTHERS = 0o077;
const GROUP_OR_OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/** `$XDG_CACHE_HOME/oai-upload` (`~/.cache/oai-upload`), made if it is missing; nothing unless it is ours and private. */
const privateCacheFolder = ({ env, getuid }) => {
  // Windows: files have neither owner nor mode to check.
  if (!getuid) return undefined;
  try {
    const folder = join(cacheHome(env), 'oai-upload');
    if (!exists(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isPrivate(folder, getuid()) && isSafeParent(dirname(folder), getuid()) ? folder : undefined;
  } catch {
    return undefined;
  }
};

const cacheHome = ({ XDG_CACHE_HOME = '' }) =>
  isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');

const exists = path => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** A folder, not a link to one, that its owner alone may enter. */
const isPrivate = (path, user) => {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === user && (found.mode & GROUP_OR_OTHERS) === 0;
};

/** No other user can put another folder in the place of ours. */
const isSafeParent = (path, user) => {
  const { uid, mode } = statSync(path);
  return (uid === user || uid === 0) && ((mode & GROUP_OR_OTHERS_MAY_WRITE) === 0 || (mode & STICKY) !== 0);
};

module.exports = { privateCacheFolder };
