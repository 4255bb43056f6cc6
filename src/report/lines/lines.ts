import { grouped } from '../../core/policy/units.ts';
import type { Every, Show } from '../output/show.ts';
import type { Output } from '../output/streams.ts';
import type { Expected } from '../progress/expected.ts';
import { counts, delays, fieldText, soFar } from '../progress/fields.ts';
import { pauseOf } from '../progress/pause.ts';
import type { Progress } from '../progress/progress.ts';
import { createBook, type NamedProgress } from '../progress/progress-by-file.ts';
import { type Totals, totalsOf } from '../progress/totals.ts';
import { createFailures } from '../text/failure.ts';
import { bytes, counted } from '../text/format.ts';
import { type Kept, keptOf } from '../text/kept.ts';
import { closingLine, skippedLine, summaryLine } from '../text/summary.ts';
import { fileLine, printable } from '../text/text.ts';
import { createAnnouncer, type Talk } from './announce.ts';

export type LinesOptions = {
  readonly output: Output;
  readonly talk: Talk;
  readonly expected: () => Expected;
  readonly unicode: boolean;
  readonly now: () => number;
  readonly every: Every;
};

const INTERVAL_MS = 10_000;

/** Plain lines for logs: at the start, every ten seconds, at the end, and what explains a delay. */
export const createLines = ({ output, talk, expected, unicode, now, every }: LinesOptions): Show => {
  const book = createBook(now);
  const announce = createAnnouncer(talk, now);
  const failures = createFailures(talk);
  const write = (lines: readonly string[]): void => {
    if (lines.length > 0) void output.write(lines.map(line => `${line}\n`).join(''));
  };
  const startedAtMs = now();
  const kept = (): Kept | undefined => keptOf(book.active(), now());
  const tick = (): void => write(progressLines(book.active(), book.totals(expected()), now()));
  const stop = talk === 'all' ? every(INTERVAL_MS, tick) : () => {};

  return {
    queued: book.queued,
    event: (path, event) => {
      const progress = book.apply(path, event);
      write(announce(path, event, progress));
      if (talk !== 'all') return;
      if (event.type === 'upload.planned') write([startLine(path, progress)]);
      if (event.type === 'upload.completed') write([summaryLine(path, progress, now(), unicode)]);
      if (event.type === 'upload.skipped') write([skippedLine(path, progress, unicode)]);
    },
    failed: (path, error) => {
      write(failures(error, path, kept));
      book.fail(path, error);
    },
    notice: message => {
      if (talk !== 'errors') write([printable(message)]);
    },
    ended: book.end,
    close: () => {
      stop();
      if (talk === 'all' && expected().files > 1) write([closingLine(book.totals(expected()), now() - startedAtMs)]);
    },
    aside: write => write(),
  };
};

const startLine = (path: string, { bytes: size, parts }: Progress): string =>
  fileLine(path, `${bytes(size)} in ${counted(parts, 'part')}`);

function progressLines(active: readonly NamedProgress[], totals: Totals, nowMs: number): readonly string[] {
  const [first] = active;
  if (!first) return [];
  if (totals.files <= 1 && totals.isWhole) return [fileLine(first[0], fileClause(first[1], nowMs))];
  const files = totals.isWhole ? `of ${grouped(totals.files)} files` : 'files';
  return [`${grouped(totals.ended)} ${files} done: ${sendingClause(totals, nowMs)}`];
}

const fileClause = (progress: Progress, nowMs: number): string =>
  pauseOf(progress, nowMs) ?? sendingClause(totalsOf([progress], nowMs), nowMs);

function sendingClause(totals: Totals, nowMs: number): string {
  const clauses = [
    ...(['percent', 'bytes', 'rate', 'left'] as const).map(field => fieldText(field, totals)),
    ...soFar(totals),
    ...counts(totals),
    ...delays(totals, nowMs),
  ];
  return clauses.filter(clause => clause !== '').join(', ');
}
