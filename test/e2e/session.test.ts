import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { MiB } from '../support/files.ts';
import { fineTuneFile } from '../support/jsonl.ts';
import { atTerminal, CTRL_C, type Pty } from '../support/pty.ts';
import { testServer } from '../support/server.ts';
import { type Frame, sessionSvg } from '../support/session-svg.ts';
import { commandOnPath } from '../support/shell.ts';

/** `npm run record` plays the README's session at the pace of a person and keeps it; the tests look whether it is still true. */
const RECORD = process.env['RECORD'] === '1';
const SVG = join(import.meta.dirname, '../../.github/media/session.svg');
const SIZE = { columns: 96, rows: 11 } as const;
const COMMAND = 'oai-upload push train.jsonl --purpose fine-tune';
const FRAME_MS = 150;

it.skipIf(process.platform === 'win32')('the session of the README is what a terminal shows', async () => {
  const { terminal, frames } = await played();
  const text = terminal.screen();
  if (RECORD) {
    await mkdir(dirname(SVG), { recursive: true });
    await writeFile(SVG, sessionSvg(frames, { ...SIZE, text }));
  }
  const [, kept = ''] = /<desc id="desc">([\s\S]*?)<\/desc>/.exec(await readFile(SVG, 'utf8')) ?? [];
  expect(timeless(kept)).toBe(timeless(text));
});

/** A push, Ctrl-C, the same push: in a shell, as a person would do it. */
async function played() {
  const box = await sandbox();
  const server = await testServer({ bytesPerSecond: 8 * MiB });
  await fineTuneFile(box.path('train.jsonl'), 512 * MiB);
  const env = { ...server.env, ...(await commandOnPath(box)), PS1: '$ ', FORCE_COLOR: '1' };
  const terminal = atTerminal(['--norc', '--noprofile', '-i'], box, { ...SIZE, file: 'bash', env });
  const frames = filmed(terminal);
  await terminal.until(/^\$ $/m);
  await typed(terminal, COMMAND);
  await terminal.until(/ (3[5-9]|[4-9]\d)%/);
  terminal.type(CTRL_C);
  await terminal.until(/to resume\n\$ $/);
  await pause(1500);
  await typed(terminal, COMMAND);
  await terminal.until(/\nfile-\w+\n\$ $/);
  frames.stop();
  return { terminal, frames: frames.taken };
}

async function typed(terminal: Pty, line: string): Promise<void> {
  for (const key of line) {
    terminal.type(key);
    await pause(35);
  }
  await pause(400);
  terminal.type('\r');
}

const pause = (ms: number): Promise<void> => sleep(RECORD ? ms : 0);

/** A picture whenever it has changed. */
function filmed(terminal: Pty): { readonly taken: readonly Frame[]; stop(): void } {
  const taken: Frame[] = [];
  const take = (): void => {
    const frame = { picture: terminal.picture(), cursorIsVisible: terminal.cursorIsVisible() };
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

/** The screen without its figures. */
const timeless = (screen: string): string =>
  screen
    .replace(/file-\w+/g, 'file-x')
    .replace(/\d[\d.]*(?: m \d+)? (s|ms)\b/g, '# s')
    .replace(/[KMG]iB\/s/g, 'B/s')
    .replace(/\d[\d.]*/g, '#')
    .replace(/\s+/g, ' ');
