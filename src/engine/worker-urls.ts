import type { ThreadPrograms } from '../io/read/file-reader.ts';

/** Where the build puts the threads' programs: beside the chunk that this becomes part of. */
export const threadPrograms: ThreadPrograms = {
  pass: new URL('./digest-worker.cjs', import.meta.url),
  range: new URL('./range-worker.cjs', import.meta.url),
  md5: new URL('./md5-worker.cjs', import.meta.url),
};
