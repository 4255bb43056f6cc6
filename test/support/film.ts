import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Picture } from './picture.ts';
import type { Pty } from './pty.ts';
import { escaped, type Frame, type SessionOptions, sessionSvg } from './session-svg.ts';

/** `npm run record` plays sessions at the pace of a person and keeps them; the tests look whether they are still true. */
const RECORD = process.env['RECORD'] === '1';
const MEDIA = join(import.meta.dirname, '../../.github/media');
const FRAME_MS = 150;
const MAX_BYTES = 300_000;

export type Film = { readonly taken: readonly Frame[]; stop(): void };

/** A picture of the panes, one below the other, whenever it has changed. The first one has the cursor. */
export function filmed(panes: readonly [Pty, ...Pty[]]): Film {
  const taken: Frame[] = [];
  const take = (): void => {
    const frame = { picture: stacked(panes.map(pane => pane.picture())), cursorIsVisible: panes[0].cursorIsVisible() };
    const { atMs: _atMs, ...last } = taken.at(-1) ?? { atMs: 0 };
    if (JSON.stringify(last) !== JSON.stringify(frame)) taken.push({ atMs: performance.now(), ...frame });
  };
  const timer = setInterval(take, FRAME_MS);
  return {
    taken,
    stop: () => {
      clearInterval(timer);
      take();
    },
  };
}

const RULE = [{ column: 0, text: '─'.repeat(24), color: undefined, dim: true }] as const;

const stacked = (pictures: readonly Picture[]): Picture => ({
  rows: pictures.flatMap(({ rows }, index) => (index > 0 ? [RULE, ...rows] : rows)),
  cursor: pictures[0]?.cursor ?? { column: 0, row: 0 },
});

/** Types a line as a person would. */
export async function typed(terminal: Pty, line: string): Promise<void> {
  for (const key of line) {
    terminal.type(key);
    await pause(35);
  }
  await pause(400);
  terminal.type('\r');
}

/** Time to read; a test needs none. */
export const pause = (ms: number): Promise<void> => sleep(RECORD ? ms : 0);

/** Keeps the film, if that is what this run is for. The text of the one that is kept must be what was played. */
export async function expectKept(name: string, { taken }: Film, options: SessionOptions): Promise<void> {
  const path = join(MEDIA, name);
  if (RECORD) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, sessionSvg(taken, options));
  }
  const svg = await readFile(path, 'utf8');
  const [, kept = ''] = /<desc id="desc">([\s\S]*?)<\/desc>/.exec(svg) ?? [];
  expect(timeless(kept)).toBe(timeless(escaped(options.text)));
  expect(svg.length).toBeLessThan(MAX_BYTES);
}

/** What was shown, without its figures. */
const timeless = (shown: string): string =>
  shown
    .replace(/(file-|upload_)\w+/g, '$1x')
    .replace(/…\S*\//g, '…/')
    .replace(/\d[\d.]* ?(?:ms|s|m)\b(?: \d+ s)?/g, '# s')
    .replace(/[KMG]iB\/s/g, 'B/s')
    .replace(/\d[\d.]*/g, '#')
    .replace(/\s+/g, ' ');
