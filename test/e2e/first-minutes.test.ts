import { join } from 'node:path';
import { it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { MiB } from '../support/files.ts';
import { expectKept, filmed, pause, typed } from '../support/film.ts';
import { fineTuneFile } from '../support/jsonl.ts';
import { packed } from '../support/packed.ts';
import { atTerminal, CTRL_C, type Pty } from '../support/pty.ts';

// The packed tarball in an empty home, and nothing that was set up before.

const COLUMNS = 96;
const ROWS = { shell: 24, server: 5 } as const;
const PUSH = 'oai-upload push train.jsonl --purpose fine-tune';

it.skipIf(process.platform === 'win32')('the first minutes of a new user are what a terminal shows', async () => {
  const box = await sandbox();
  await packed(box);
  await box.write('notes.txt', 'The first file that is uploaded.\n');
  await box.write('bad.jsonl', '{"messages":[{"role":"user","content":"Why?"},]}\n{"message":"Why?"}\n');
  await fineTuneFile(box.path('train.jsonl'), 512 * MiB);
  const [shell, server] = [shellOf(box, ROWS.shell), shellOf(box, ROWS.server)];
  const film = filmed([shell, server]);
  await installed(shell);
  await pushed(shell, await served(server));
  await looked(shell);
  film.stop();
  const text = `${shell.transcript()}\n\n${server.transcript()}`.replaceAll(box.dir, '~');
  const rows = ROWS.shell + 1 + ROWS.server;
  await expectKept('first-minutes.svg', film, {
    columns: COLUMNS,
    rows,
    title: 'The first minutes of a new user',
    text,
  });
});

/** A shell in which npm installs into the empty home, and needs no network for it. */
function shellOf(box: Sandbox, rows: number): Pty {
  const prefix = join(box.env['HOME'] ?? '', 'npm');
  const npm = { prefix, offline: 'true', audit: 'false', fund: 'false', progress: 'false', update_notifier: 'false' };
  const env = {
    ...Object.fromEntries(Object.entries(npm).map(([key, value]) => [`npm_config_${key}`, value])),
    PATH: `${join(prefix, 'bin')}:${box.env['PATH']}`,
    PS1: '$ ',
    FORCE_COLOR: '1',
  };
  return atTerminal(['--norc', '--noprofile', '-i'], box, { columns: COLUMNS, rows, file: 'bash', env });
}

async function installed(shell: Pty): Promise<void> {
  await shell.until(/^\$ $/);
  await typed(shell, 'npm install --global ./oai-upload-*.tgz');
  await shell.until(/added 1 package in \w+\n\$ $/);
  await pause(1000);
  await typed(shell, 'oai-upload push notes.txt --purpose assistants --local');
  await shell.until(/\nfile-\w+\n\$ $/);
  await pause(2500);
}

/** The embedded server, in the pane below; returns its base URL. */
async function served(server: Pty): Promise<string> {
  await typed(server, 'oai-upload serve --dir api --rate 8MiB');
  const screen = await server.until(/in OPENAI_API_KEY$/);
  await pause(2000);
  return /^http:\S+/m.exec(screen)?.[0] ?? '';
}

/** A push to it, Ctrl-C, the same push. */
async function pushed(shell: Pty, url: string): Promise<void> {
  await typed(shell, `export OPENAI_BASE_URL=${url} OPENAI_API_KEY=any`);
  await shell.until(/OPENAI_API_KEY=any\n\$ $/);
  await typed(shell, PUSH);
  await shell.until(/ (3[5-9]|[4-9]\d)%/);
  shell.type(CTRL_C);
  await shell.until(/to resume\n\$ $/);
  await pause(2000);
  await typed(shell, 'oai-upload list');
  await shell.until(/\nresumable .*\n\$ $/);
  await pause(2000);
  await typed(shell, PUSH);
  await shell.until(/\nfile-\w+\n\$ $/);
  await pause(2500);
}

async function looked(shell: Pty): Promise<void> {
  await typed(shell, 'oai-upload check bad.jsonl --purpose fine-tune');
  await shell.until(/bad\.jsonl has \d+ errors .*\n\$ $/);
  await pause(3000);
  await typed(shell, 'oai-upload --help | head -18');
  await shell.until(/\n {2}cancel [\s\S]*\n\$ $/);
}
