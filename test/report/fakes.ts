import { stripVTControlCharacters } from 'node:util';
import type { Every } from '../../src/report/output/show.ts';
import type { TextStream } from '../../src/report/output/streams.ts';
import { widthOf } from '../../src/report/text/width.ts';

/** Time that passes only when told to. */
export const virtualTime = () => {
  const timers = new Set<{ readonly everyMs: number; nextMs: number; readonly tick: () => void }>();
  let nowMs = Date.parse('2026-01-02T03:04:05.000Z');
  const every: Every = (everyMs, tick) => {
    const timer = { everyMs, nextMs: nowMs + everyMs, tick };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const pass = (ms: number): void => {
    const untilMs = nowMs + ms;
    for (;;) {
      const [due] = [...timers].sort((a, b) => a.nextMs - b.nextMs);
      if (!due || due.nextMs > untilMs) break;
      nowMs = due.nextMs;
      due.nextMs += due.everyMs;
      due.tick();
    }
    nowMs = untilMs;
  };
  return { now: () => nowMs, every, pass, timers: () => timers.size };
};

/** A stream that keeps what it is given, with the time of each write. */
export const fakeStream = (options: { isTTY?: boolean; columns?: number; now?: () => number } = {}) => {
  const writes: { readonly atMs: number; readonly text: string }[] = [];
  const stream = {
    isTTY: options.isTTY ?? false,
    columns: options.columns ?? 80,
    rows: 24,
    write: (text: string, written?: (error?: Error | null) => void) => {
      writes.push({ atMs: options.now?.() ?? 0, text });
      written?.();
      return true;
    },
  } satisfies TextStream;
  return { stream, writes, text: () => writes.map(({ text }) => text).join('') };
};

/** A stream whose reader is gone: every write fails as a closed pipe does, or throws. */
export const closedStream = (how: 'callback' | 'event' | 'throw'): TextStream & { readonly attempts: () => number } => {
  const listeners: ((error: Error) => void)[] = [];
  const closed = Object.assign(new Error('EPIPE'), { code: 'EPIPE' });
  let attempts = 0;
  return {
    attempts: () => attempts,
    on: (event, listener) => event === 'error' && listeners.push(listener),
    write: (_text, written) => {
      attempts += 1;
      if (how === 'throw') throw closed;
      if (how === 'callback') written?.(closed);
      if (how === 'event') for (const listener of listeners) queueMicrotask(() => listener(closed));
      return false;
    },
  };
};

/** As much of a terminal as a drawn screen needs: lines, `\r`, cursor up, clear right, clear below, cursor on and off. */
export const emulate = (writes: readonly string[]) => {
  let [lines, row, column, cursor] = [[''], 0, 0, true] as [string[], number, number, boolean];
  const put = (text: string): void => {
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length);
    column += text.length;
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is read here
  for (const [token] of writes.join('').matchAll(/\u001b\[[?\d;]*[A-Za-z]|[\r\n]|[^\u001b\r\n]+/g)) {
    if (token === '\r') column = 0;
    else if (token === '\n') [row, column] = [row + 1, 0];
    else if (token === '\u001b[K') lines[row] = (lines[row] ?? '').slice(0, column);
    else if (token === '\u001b[J') lines = [...lines.slice(0, row), (lines[row] ?? '').slice(0, column)];
    else if (token.endsWith('A') && token.startsWith('\u001b')) row -= Number(token.slice(2, -1));
    else if (token === '\u001b[?25l') cursor = false;
    else if (token === '\u001b[?25h') cursor = true;
    else if (!token.startsWith('\u001b')) put(token);
  }
  return { lines: Array.from(lines, line => line ?? ''), cursor };
};

/** The widest line of what was written, without escapes. */
export const widest = (text: string): number =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split(/[\r\n]/)
      .map(widthOf),
  );
