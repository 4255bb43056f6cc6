import type { Progress } from '../progress/progress.ts';
import type { NamedProgress } from '../progress/progress-by-file.ts';
import { bytes, span } from './format.ts';

/** What an interrupted run leaves behind: how much is kept, and how long. Nothing where nothing was uploaded. */
export const keptLine = (files: readonly NamedProgress[], nowMs: number): string | undefined => {
  const open = files
    .map(([, progress]) => progress)
    .filter(({ expiresAtMs, tally }) => expiresAtMs !== undefined && keptBytes(tally) > 0);
  if (open.length === 0) return undefined;
  const kept = open.reduce((sum, { tally }) => sum + keptBytes(tally), 0);
  const size = open.reduce((sum, progress) => sum + progress.bytes, 0);
  const leftMs = Math.min(...open.map(({ expiresAtMs = nowMs }) => expiresAtMs - nowMs));
  const what = `kept ${bytes(kept)} of ${bytes(size)}${open.length > 1 ? ` in ${open.length} files` : ''}`;
  return leftMs > 0 ? `${what} for ${span(leftMs)}; parts in flight are sent again` : undefined;
};

const keptBytes = ({ bytesSkipped, bytesSent }: Progress['tally']): number => bytesSkipped + bytesSent;
