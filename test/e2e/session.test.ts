import { it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { MiB } from '../support/files.ts';
import { expectKept, filmed, pause, typed } from '../support/film.ts';
import { fineTuneFile } from '../support/jsonl.ts';
import { atTerminal, CTRL_C } from '../support/pty.ts';
import { testServer } from '../support/server.ts';
import { commandOnPath } from '../support/shell.ts';

const SIZE = { columns: 96, rows: 11 } as const;
const COMMAND = 'oai-upload push train.jsonl --purpose fine-tune';

it.skipIf(process.platform === 'win32')('the session of the README is what a terminal shows', async () => {
  const { terminal, film } = await played();
  const title = 'A push that is interrupted, and goes on';
  await expectKept('session.svg', film, { ...SIZE, title, text: terminal.screen() });
});

/** A push, Ctrl-C, the same push: in a shell, as a person would do it. */
async function played() {
  const box = await sandbox();
  const server = await testServer({ bytesPerSecond: 8 * MiB });
  await fineTuneFile(box.path('train.jsonl'), 512 * MiB);
  const env = { ...server.env, ...(await commandOnPath(box)), PS1: '$ ', FORCE_COLOR: '1' };
  const terminal = atTerminal(['--norc', '--noprofile', '-i'], box, { ...SIZE, file: 'bash', env });
  const film = filmed([terminal]);
  await terminal.until(/^\$ $/m);
  await typed(terminal, COMMAND);
  await terminal.until(/ (3[5-9]|[4-9]\d)%/);
  terminal.type(CTRL_C);
  await terminal.until(/to resume\n\$ $/);
  await pause(1500);
  await typed(terminal, COMMAND);
  await terminal.until(/\nfile-\w+\n\$ $/);
  film.stop();
  return { terminal, film };
}
