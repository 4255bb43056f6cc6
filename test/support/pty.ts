import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { expect, onTestFinished } from 'vitest';
import { BIN, type Sandbox } from './cli.ts';
import { placesOfKeys } from './key-search.ts';
import { type Picture, pictureOf } from './picture.ts';

type Env = Readonly<Record<string, string>>;

export type PtyOptions = {
  readonly columns?: number;
  readonly rows?: number;
  /** Added to the sandbox's environment, a terminal with colours and Unicode. */
  readonly env?: Env;
  /** Another program than the command. */
  readonly file?: string;
};

/** A program at a real pseudo-terminal, and the screen that a person would see. It is killed when the test ends. */
export type Pty = {
  /** The visible lines, without the empty ones below. */
  screen(): string;
  /** All lines since the start, as they were before the terminal wrapped them. */
  transcript(): string;
  /** The screen with its colours. */
  picture(): Picture;
  /** What was written, escapes and all. */
  raw(): string;
  cursorIsVisible(): boolean;
  /** Rows that the terminal wrapped. */
  wrapped(): readonly string[];
  /** Resolves with the screen once it shows this; rejects if the program ends before it. */
  until(shown: RegExp): Promise<string>;
  /** Keys, as a keyboard sends them: `\x03` is Ctrl-C. */
  type(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, when all that was written is on the screen. */
  readonly ended: Promise<number>;
};

export const CTRL_C = '\u0003';

/** For a screen that never comes; nobody waits this long for one that does. */
const PATIENCE_MS = Number(process.env['PATIENCE'] ?? 120_000);

const TERMINAL: Env = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };

/** Starts the command at a terminal of this size. */
export function atTerminal(args: readonly string[], box: Sandbox, options: PtyOptions = {}): Pty {
  const { columns: cols = 80, rows = 24, file = process.execPath } = options;
  const words = file === process.execPath ? [BIN, ...args] : [...args];
  const env: Record<string, string> = { ...box.env, ...TERMINAL, ...options.env };
  const child = spawn(file, words, { cwd: box.work, cols, rows, name: env['TERM'] ?? '', env });
  return watched(child, new headless.Terminal({ cols, rows, allowProposedApi: true }), box, env);
}

function watched(child: IPty, terminal: headless.Terminal, box: Sandbox, env: Env): Pty {
  let raw = '';
  let isOver = false;
  const watchers = new Set<() => void>();
  const look = (): void => {
    for (const watcher of watchers) watcher();
  };
  child.onData(text => {
    raw += text;
    terminal.write(text, look);
  });
  const ended = new Promise<number>(resolve => {
    child.onExit(({ exitCode, signal }) =>
      terminal.write('', () => {
        isOver = true;
        look();
        resolve(signal ? 128 + signal : exitCode);
      }),
    );
  });
  onTestFinished(async () => {
    if (!isOver) child.kill('SIGKILL');
    await ended;
    terminal.dispose();
    expect(await placesOfKeys({ ...box.env, ...env }, { stdout: raw, stderr: '' })).toEqual([]);
  });
  const screen = (): string => visibleLines(terminal).join('\n');
  return {
    screen,
    transcript: () => transcriptOf(terminal),
    picture: () => pictureOf(terminal),
    raw: () => raw,
    wrapped: () => wrappedLines(terminal),
    cursorIsVisible: () => raw.lastIndexOf('\u001b[?25h') >= raw.lastIndexOf('\u001b[?25l'),
    until: shown =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(patience);
          watchers.delete(watcher);
          settle();
        };
        const giveUp = (why: string): void =>
          finish(() => reject(new Error(`${why} the screen showed ${shown}:\n${screen()}`)));
        const patience = setTimeout(giveUp, PATIENCE_MS, 'It took too long until');
        const watcher = (): void => {
          if (shown.test(screen())) finish(() => resolve(screen()));
          else if (isOver) giveUp('It ended before');
        };
        watchers.add(watcher);
        watcher();
      }),
    type: keys => child.write(keys),
    resize: (columns, rows) =>
      new Promise(resolve =>
        terminal.write('', () => {
          terminal.resize(columns, rows);
          child.resize(columns, rows);
          resolve();
        }),
      ),
    kill: signal => child.kill(signal),
    ended,
  };
}

function visibleLines({ buffer, rows }: headless.Terminal): readonly string[] {
  const { viewportY } = buffer.active;
  const lines = Array.from({ length: rows }, (_, row) => lineText(buffer.active.getLine(viewportY + row)));
  return lines.slice(0, lines.findLastIndex(line => line !== '') + 1);
}

const transcriptOf = ({ buffer }: headless.Terminal): string =>
  Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row))
    .map((line, row) => `${line?.isWrapped || row === 0 ? '' : '\n'}${lineText(line)}`)
    .join('')
    .trimEnd();

/** Rows that are the rest of one above them, since it was too wide. */
const wrappedLines = ({ buffer }: headless.Terminal): readonly string[] =>
  Array.from({ length: buffer.active.length }, (_, row) => buffer.active.getLine(row))
    .filter(line => line?.isWrapped)
    .map(lineText);

const lineText = (line: headless.IBufferLine | undefined): string => line?.translateToString(true) ?? '';
