import { grouped } from '../../core/policy/units.ts';
import type { Progress } from '../progress/progress.ts';
import type { Totals } from '../progress/totals.ts';
import { aboutSpan, bytes, counted, duration, rate } from './format.ts';
import { INDENT, printableName } from './text.ts';

/** One line for a file that did not have to be sent. */
export const skippedLine = (path: string, { fileId, bytes: size }: Progress, unicode: boolean): string =>
  `${target(path, fileId, unicode)}  ${bytes(size)}, uploaded before: nothing was sent`;

/** One line at the end of a file: `✓ data.jsonl → file-abc  2.1 GiB in 12 s (175 MiB/s), md5 verified by the server`. */
export const summaryLine = (path: string, progress: Progress, nowMs: number, unicode: boolean): string => {
  const { tally, fileId, startedAtMs, md5Verified, fileExpiresAtMs } = progress;
  const tookMs = Math.max(1, nowMs - startedAtMs);
  const speed = tally.bytesSent > 0 ? ` (${rate((tally.bytesSent / tookMs) * 1000)})` : '';
  const extras = [
    ...(tally.partsResumed > 0 ? [`${counted(tally.partsResumed, 'part')} resumed`] : []),
    ...(tally.retries > 0 ? [retries(tally.retries)] : []),
    ...(md5Verified ? ['md5 verified by the server'] : []),
    ...(fileExpiresAtMs !== undefined && fileExpiresAtMs > nowMs
      ? [`expires in ${aboutSpan(fileExpiresAtMs - nowMs)}`]
      : []),
  ];
  const spent = `${bytes(progress.bytes)} in ${duration(tookMs)}${speed}`;
  return `${target(path, fileId, unicode)}  ${[spent, ...extras].join(', ')}`;
};

const target = (path: string, fileId: string | undefined, unicode: boolean): string =>
  `${unicode ? '✓ ' : INDENT}${printableName(path)} ${unicode ? '→' : '->'} ${printableName(fileId ?? '')}`;

/** One line at the end of a run of several files: `1,998 of 2,000 files uploaded, 2 failed, 3.1 GiB in 5 m`. */
export const closingLine = ({ uploaded, failed, files, done, isWhole }: Totals, tookMs: number): string => {
  const failures = failed > 0 ? `, ${grouped(failed)} failed` : '';
  return `${grouped(uploaded)} of ${isWhole ? '' : 'at least '}${grouped(files)} files uploaded${failures}, ${bytes(done)} in ${duration(Math.max(1, tookMs))}`;
};

/** `1 retry`, `2 retries`. */
export const retries = (count: number): string => (count === 1 ? '1 retry' : `${count} retries`);
