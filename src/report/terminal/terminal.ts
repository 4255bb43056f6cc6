import process from 'node:process';
import cliProgress from 'cli-progress';
import ora from 'ora';
import { createAnnouncer } from '../lines/announce.ts';
import type { Every, Show } from '../output/show.ts';
import type { Output, TextStream } from '../output/streams.ts';
import type { Expected } from '../progress/expected.ts';
import { createBook } from '../progress/progress-by-file.ts';
import { createFailures } from '../text/failure.ts';
import { keptOf } from '../text/kept.ts';
import { closingLine, skippedLine, summaryLine } from '../text/summary.ts';
import { printable } from '../text/text.ts';
import { createPaint, type Paint } from './paint.ts';
import { type BarRow, type Look, rowsOf } from './rows.ts';
import { createScreen } from './screen.ts';

export type TerminalOptions = {
  readonly output: Output;
  readonly stream: TextStream;
  readonly expected: () => Expected;
  readonly unicode: boolean;
  readonly color: boolean;
  readonly now: () => number;
  readonly every: Every;
};

const REDRAW_INTERVAL_MS = 100;

/**
 * Bars and spinners at the bottom of a terminal, what stays above them. A timer draws, events only tell.
 * ora and cli-progress give frames and bars but do not draw: each would take the screen, stdout and timers for itself.
 */
export const createTerminal = ({ output, stream, expected, unicode, color, now, every }: TerminalOptions): Show => {
  const book = createBook(now);
  const announce = createAnnouncer('all', now);
  const failures = createFailures('all');
  const paint = createPaint(color);
  const look = createLook({ stream, unicode, color }, paint);
  const startedAtMs = now();
  const display = openDisplay(
    createScreen(output, () => stream.columns ?? 80),
    every,
    {
      rows: () => rowsOf({ active: book.active(), totals: book.totals(expected()) }, look, now()),
      lastLines: () => (expected().files > 1 ? [closingLine(book.totals(expected()), now() - startedAtMs)] : []),
    },
  );

  return {
    queued: book.queued,
    event: (path, event) => {
      const progress = book.apply(path, event);
      const [line, ...hints] = event.type === 'gate.closed' ? [] : announce(path, event, progress);
      if (line !== undefined) display.say(event.type === 'warning' ? paint.yellow(line) : line, ...hints);
      if (event.type === 'upload.completed') display.say(summaryLine(path, progress, now(), unicode));
      if (event.type === 'upload.skipped') display.say(skippedLine(path, progress, unicode));
    },
    failed: (path, error) => {
      const [headline, ...details] = failures(error, path, () => keptOf(book.active(), now()));
      book.fail(path, error);
      if (headline !== undefined) display.say(paint.red(headline), ...details);
      display.draw();
    },
    notice: message => display.say(printable(message)),
    ended: book.end,
    close: display.close,
    aside: write => {
      display.clear();
      write();
    },
  };
};

type Shown = { readonly rows: () => readonly string[]; readonly lastLines: () => readonly string[] };

/** Draws rows again and again, under the lines that stay; until it is closed. */
const openDisplay = (screen: ReturnType<typeof createScreen>, every: Every, { rows, lastLines }: Shown) => {
  const pending: string[] = [];
  let closed = false;
  const draw = (): void => screen.draw(pending.splice(0), closed ? [] : rows());
  const stop = every(REDRAW_INTERVAL_MS, draw);
  const close = (): void => {
    stop();
    process.off('exit', close);
    if (!closed) pending.push(...lastLines());
    closed = true;
    draw();
  };
  // Whatever ends the process: what was to be said is said, and the cursor is back.
  process.on('exit', close);
  return {
    draw,
    close,
    /** With the next drawing. */
    say: (...lines: readonly string[]): void => void pending.push(...lines),
    /** Takes the rows off the screen, until the next drawing. */
    clear: (): void => screen.draw(pending.splice(0), []),
  };
};

type Abilities = { readonly stream: TextStream; readonly unicode: boolean; readonly color: boolean };

/** The window's size is asked at each draw: it may have changed. */
const createLook = ({ stream, unicode, color }: Abilities, paint: Paint): Look => {
  const spinner = ora({
    discardStdin: false,
    hideCursor: false,
    isEnabled: false,
    color: color ? 'cyan' : false,
    spinner: unicode ? 'dots' : { frames: ['-', '\\', '|', '/'], interval: 130 },
  });
  return {
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
    unicode,
    bar: row => drawnBar(row, unicode, paint),
    spinner: text => {
      spinner.text = text;
      return spinner.frame();
    },
    dim: paint.dim,
  };
};

function drawnBar({ name, fraction, size, fields }: BarRow, unicode: boolean, paint: Paint): string {
  const [complete, incomplete] = unicode ? ['█', '░'] : ['#', '-'];
  const bar = cliProgress.Format.BarFormat(Math.floor(fraction * size) / Math.max(1, size), {
    barsize: size,
    barCompleteString: complete.repeat(size),
    barIncompleteString: incomplete.repeat(size),
    barGlue: '',
  });
  return [paint.cyan(bar), name, ...fields].join(' ');
}
