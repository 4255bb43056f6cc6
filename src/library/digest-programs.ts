import type { DigestPrograms } from '../io/digest-thread.ts';

/** Where the build puts the threads' programs: beside the chunk that this becomes part of. */
export const digestPrograms: DigestPrograms = {
  pass: new URL('./digest-worker.js', import.meta.url),
  md5: new URL('./md5-worker.js', import.meta.url),
};
