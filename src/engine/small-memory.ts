import { setFlagsFromString } from 'node:v8';

/** A V8 that does not know a flag would say so on stderr. */
const NEWEST_KNOWN_NODE = 26;

/**
 * Keeps V8 as small as a run that moves bytes needs it: megabytes that would come the longer a file is, and make nothing
 * faster. What it allocates dies at once, so the young generation stays as it begins. Its own code is next to nothing
 * beside what the kernel and the digests do, so none of it is optimized: that takes memory, and the core that they need.
 */
export const keepMemorySmall = (process: NodeJS.Process): void => {
  if (Number.parseInt(process.versions.node, 10) > NEWEST_KNOWN_NODE) return;
  setFlagsFromString('--no-opt');
  // A megabyte is looked through sooner than helpers have got their turn on a busy core.
  setFlagsFromString('--no-parallel-scavenge');
  const keep = (): void => setFlagsFromString('--semi-space-growth-factor=1');
  keep();
  // V8 puts the factor right, as it sees it, whenever it makes the heap of another thread.
  process.on('worker', worker => worker.once('online', keep));
};
