import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { STDIN } from '../../core/model/file-job.ts';
import { realPathOf } from '../../io/source/file-source.ts';
import { systemPath } from '../../io/source/path-bytes.ts';
import type { Located } from './survey.ts';

/** A file of this size fills the line alone. */
const BIG_BYTES = 64 * 1024 ** 2;

/** A second one sends while the first is being completed. More of them would only use up each other's hour. */
const BIG_AT_ONCE = 2;

/** When a file's turn has come: small ones go beside a big one, and only files in flight are open. */
export const createTurns = (smallAtOnce: number) => {
  const [big, small] = [pLimit(BIG_AT_ONCE), pLimit(smallAtOnce)];
  return (size: number) => (size < BIG_BYTES ? small : big);
};

/** Which file a path is. What is wrong with it is told when it is opened; a run that was stopped opens none. */
export const locate = async (path: string, signal?: AbortSignal): Promise<Located> => {
  if (path === STDIN) return { file: STDIN, size: 0 };
  if (signal?.aborted) return { file: resolve(path), size: 0 };
  const file = await realPathOf(path).catch(() => resolve(path));
  const size = await stat(systemPath(file)).then(
    stats => stats.size,
    () => 0,
  );
  return { file, size };
};
