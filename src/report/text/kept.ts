import type { Progress } from '../progress/progress.ts';
import type { NamedProgress } from '../progress/progress-by-file.ts';
import { bytes, span } from './format.ts';

/** What an interrupted run leaves behind, in a line; whether there is anything to resume. */
export type Kept = { readonly line: string; readonly isSome: boolean };

/** How much is kept, and how long. Undefined where it is not known yet what an earlier run kept, or it is too late. */
export const keptOf = (files: readonly NamedProgress[], nowMs: number): Kept | undefined => {
  const begun = files.map(([, progress]) => progress).filter(isBegun);
  if (begun.length === 0) return undefined;
  const open = begun.filter(({ tally }) => keptBytes(tally) > 0);
  if (open.length === 0) return { line: 'nothing is kept: no part was finished', isSome: false };
  const kept = open.reduce((sum, { tally }) => sum + keptBytes(tally), 0);
  const size = open.reduce((sum, progress) => sum + progress.bytes, 0);
  const leftMs = Math.min(...open.map(({ expiresAtMs = nowMs }) => expiresAtMs - nowMs));
  const what = `kept ${bytes(kept)} of ${bytes(size)}${open.length > 1 ? ` in ${open.length} files` : ''}`;
  return leftMs > 0 ? { line: `${what} for ${span(leftMs)}; parts in flight are sent again`, isSome: true } : undefined;
};

/** Until its upload is created or resumed, nothing tells what is kept of a file. */
const isBegun = ({ stage, expiresAtMs }: Progress): boolean => stage === 'creating' || expiresAtMs !== undefined;

const keptBytes = ({ bytesSkipped, bytesSent }: Progress['tally']): number => bytesSkipped + bytesSent;
