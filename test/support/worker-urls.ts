import type { ThreadPrograms } from '../../src/io/read/file-reader.ts';

const built = (name: string) => new URL(`../../dist/${name}.cjs`, import.meta.url);

/** `npm run coverage`: stands in for src/engine/worker-urls.ts where the sources run. What was built has the programs. */
export const threadPrograms: ThreadPrograms = {
  pass: built('digest-worker'),
  range: built('range-worker'),
  md5: built('md5-worker'),
};
