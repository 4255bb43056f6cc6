import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockPlaces } from '../../src/io/state/lock-place.ts';
import { type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { saveUpload } from '../support/saved.ts';
import { testServer } from '../support/server.ts';
import { figures, reduced, TORTURE } from '../support/torture.ts';

const NAME = `${'a'.repeat(20)}-${'b'.repeat(20)}-${'c'.repeat(8)}.journal`;
const SHARE = TORTURE ? 1 : 4;
const isRoot = process.getuid?.() === 0;

/** What somebody else may have put in the place of a file of ours. */
const things: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'a link to a file of the user': async path => {
    await writeFile(`${path}.victim`, 'mine');
    await symlink(`${path}.victim`, path);
  },
  'a link to nothing': path => symlink(`${path}.absent`, path),
  'a link to itself': path => symlink(path, path),
  'a link to /dev/zero': path => symlink('/dev/zero', path),
  'a pipe': async path => execFileSync('mkfifo', [path]),
  'a folder': path => mkdir(path),
  'a socket': path =>
    new Promise<void>(resolve => {
      const server = createServer().listen(path, resolve);
      onTestFinished(() => void server.close());
    }),
  garbage: path => writeFile(path, Buffer.from([0xff, 0xfe, 0, 1, 2, 10, 10, 0])),
  'a file of 64 MiB': async path => {
    await writeFile(path, '');
    execFileSync('truncate', ['-s', '64M', path]);
  },
  ...(isRoot && {
    'a file of another user': async (path: string) => {
      await writeFile(path, 'theirs');
      await chown(path, 65534, 65534);
    },
  }),
};

/** Where in the state folder it may stand. */
const places: Readonly<Record<string, string>> = {
  'a journal': join('uploads', NAME),
  'the ledger': 'uploaded.ledger',
  'a lock': join('locks', `${'a'.repeat(16)}.${'b'.repeat(12)}`),
  'a spool': join('spool', `${'0'.repeat(16)}.spool`),
};

const commands: readonly (readonly string[])[] = [
  ['list'],
  ['list', '--json'],
  ['resume', '--all'],
  ['clean'],
  ['__complete', 'bash', '3', 'oai-upload', 'resume', ''],
  ['push', 'f', '--purpose', 'user_data', '--skip-uploaded'],
];

/** What is there, its kind and its bytes. */
async function pictureOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return Promise.all(
    names.map(async name => {
      const stats = await lstat(join(folder, name));
      const text = stats.isFile() && stats.size < 1000 ? await readFile(join(folder, name), 'utf8') : '';
      return `${name} ${stats.mode} ${stats.isFile() ? stats.size : ''} ${text}`;
    }),
  );
}

/** Each thing in half of the places, each place with half of the things; all of them in `npm run torture`. */
const rowsOf = (where: readonly string[]) =>
  Object.keys(things).flatMap((thing, row) =>
    where.flatMap((place, column) => {
      const turn = row + column;
      return TORTURE || turn % 2 === 0 ? [{ thing, place, turn: Math.floor(turn / 2) }] : [];
    }),
  );

const rows = rowsOf(Object.keys(places));

/** A quarter of the commands for each row, another one for the next at the same place; all of them in torture. */
const commandsOf = ({ turn }: (typeof rows)[number]) => commands.filter((_, index) => index % SHARE === turn % SHARE);

it.each(rows)('12.6: $thing in the place of $place: no hang, no bug, nothing of it is changed', {
  timeout: 300_000,
}, async row => {
  const { thing, place } = row;
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = join(box.stateDir, places[place] as string);
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await (things[thing] as (path: string) => Promise<unknown>)(path);
  await box.write('f', 'content');
  const before = await pictureOf(join(path, '..'));
  for (const args of commandsOf(row)) {
    const run = await box.run([...args], server);
    expect([0, 3], `${args.join(' ')}\n${run.stderr}`).toContain(run.exitCode);
    expect(run.stderr).not.toMatch(/this is a bug/);
  }
  const isOurs = thing === 'garbage' || thing === 'a file of 64 MiB';
  // Garbage of ours may be dropped; what is not ours stays as it is.
  if (!isOurs) expect(await pictureOf(join(path, '..'))).toEqual(expect.arrayContaining([...before]));
});

/** Files outside of the state folder: what names them, and whether they are only read. */
type Named = {
  readonly args?: (path: string) => readonly string[];
  readonly path?: string;
  readonly isRead: boolean;
};

const named: Readonly<Record<string, Named>> = {
  'the config file': { path: '../home/.config/oai-upload/config.json', isRead: true },
  'the key file': { args: path => ['--api-key-file', path], isRead: true },
  'the log file': { args: path => ['--log-file', path], isRead: false },
  'the trace': { args: path => ['--trace', path], isRead: false },
};

const namedRows = rowsOf(Object.keys(named));

it.each(namedRows)('12.6: $thing as $place: no hang, no bug, nothing that is only read is changed', {
  timeout: 300_000,
}, async ({ thing, place }) => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const { args = () => [], path = 'odd/thing', isRead } = named[place] as Named;
  const folder = dirname(box.path(path));
  await mkdir(folder, { recursive: true });
  await (things[thing] as (path: string) => Promise<unknown>)(box.path(path));
  await box.write('f', 'content');
  const before = await pictureOf(folder);
  const run = await box.run(['push', 'f', '--purpose', 'user_data', ...args(box.path(path))], server);
  expect([0, 2, 3, 4], run.stderr).toContain(run.exitCode);
  expect(run.stderr).not.toMatch(/this is a bug|unknown option/);
  if (isRead) expect(await pictureOf(folder)).toEqual(before);
  expect((await server.files()).length).toBe(run.exitCode === 0 ? 1 : 0);
});

const CASES = rows.length + namedRows.length;
const RUNS = rows.flatMap(commandsOf).length + namedRows.length;

it(`12.6: ${RUNS} runs`, () => {
  figures(`hostile folders: ${CASES} cases, ${RUNS} runs, 0 hangs, 0 changes of foreign files`);
  expect(CASES).toBeGreaterThanOrEqual(reduced(36, 60));
  expect(RUNS).toBeGreaterThanOrEqual(reduced(45, 100));
});

it('12.6: a link in the place of a draft is not written through', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('f', 'content');
  await box.write('victim', 'mine');
  await mkdir(join(box.stateDir, 'uploads'), { recursive: true, mode: 0o700 });
  for (const name of [`${'a'.repeat(20)}-${'b'.repeat(20)}-draft`])
    await symlink(box.path('victim'), join(box.stateDir, 'uploads', name));
  const run = await box.run(['push', 'f', '--purpose', 'user_data'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(await readFile(box.path('victim'), 'utf8')).toBe('mine');
});

it('12.8: one torn or foreign journal hides no other', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('f', 'x'.repeat(1000));
  await saveUpload(box.stateDir, { file: box.path('f'), baseUrl: server.url, partSize: 100 } as never);
  execFileSync('mkfifo', [join(box.stateDir, 'uploads', NAME)]);
  const run = await box.run(['list', '--json'], server);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()).toHaveLength(1);
  expect(run.stderr).toContain(NAME);
});

/** As a user who is not root, whom modes stop. */
async function asNobody(box: Sandbox, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const bin = join(import.meta.dirname, '../../bin/oai-upload.js');
  const command = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, bin, ...args];
  const { exitCode, stderr } = await startProcess('setpriv', command, { cwd: box.work, env: { ...box.env, ...env } })
    .ended;
  return { status: exitCode, stderr };
}

const canBeNobody = isRoot && spawnSync('setpriv', ['--version']).status === 0;

it.skipIf(!canBeNobody).each([['list'], ['list', '--json'], ['resume', '--all'], ['show', 'x'], ['cancel', '--all']])(
  '12.8: %s of a state folder that cannot be read exits 3 and names it',
  async (...args) => {
    const box = await sandbox();
    await mkdir(join(box.stateDir, 'uploads'), { recursive: true });
    await chmod(join(box.stateDir, 'uploads'), 0o000);
    await openForNobody(box);
    const run = await asNobody(
      box,
      args.filter(arg => typeof arg === 'string'),
      { OPENAI_API_KEY: 'sk-any-0123456789' },
    );
    expect(run.status, run.stderr).toBe(3);
    expect(run.stderr).toContain(join(box.stateDir, 'uploads'));
  },
);

it.skipIf(!canBeNobody)('12.4: push works where home and the temporary folder cannot be written to', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('f', 'content');
  await openForNobody(box);
  const closed = box.path('closed');
  await mkdir(closed, { mode: 0o555 });
  const env = {
    ...server.env,
    HOME: closed,
    XDG_STATE_HOME: join(closed, 'state'),
    XDG_CONFIG_HOME: closed,
    XDG_CACHE_HOME: closed,
    TMPDIR: closed,
  };
  const run = await asNobody(box, ['push', 'f', '--purpose', 'user_data'], env);
  expect(run.status, run.stderr).toBe(0);
  expect(run.stderr).not.toMatch(/this is a bug/);
  expect(run.stderr).toMatch(/warning: /);
  const local = await asNobody(box, ['push', 'f', '--purpose', 'user_data', '--local'], env);
  expect([2, 3], local.stderr).toContain(local.status);
  expect(local.stderr).not.toMatch(/this is a bug/);
});

it.skipIf(!canBeNobody)(
  '12.4: a lock folder among the temporary files that belongs to another user is not used',
  async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    await box.write('f', 'content');
    await openForNobody(box);
    const long = box.path('x'.repeat(100));
    await mkdir(long, { mode: 0o777 });
    await chmod(long, 0o777);
    const temporary = box.path('tmp');
    await mkdir(temporary);
    await chmod(temporary, 0o777);
    const env = { ...server.env, TMPDIR: temporary, XDG_STATE_HOME: long };
    const first = await asNobody(box, ['push', 'f', '--purpose', 'user_data'], env);
    expect(first.status, first.stderr).toBe(0);
    expect(first.stderr).not.toMatch(/warning/);
    const [place = ''] = lockPlaces(join(long, 'oai-upload', 'locks'));
    const theirs = join(temporary, basename(place).replace(/-\d+-/, '-65534-'));
    await mkdir(theirs, { mode: 0o700 });
    const second = await asNobody(box, ['push', 'f', '--purpose', 'user_data'], env);
    expect(second.status, second.stderr).toBe(0);
    expect(second.stderr).toMatch(/warning: no lock can be made/);
    expect(await readdir(temporary)).toEqual([basename(theirs)]);
  },
);

async function openForNobody(box: Sandbox): Promise<void> {
  execFileSync('chmod', ['-R', 'a+rX', box.work]);
  execFileSync('sh', ['-c', 'p="$1"; while [ "$p" != / ]; do chmod a+x "$p"; p=$(dirname "$p"); done', 'sh', box.work]);
}

it.each(['--log-file', '--trace', '--api-key-file'])('12.6: %s that names a pipe keeps nobody waiting', async flag => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('f', 'content');
  execFileSync('mkfifo', [box.path('pipe')]);
  const run = await box.run(['push', 'f', '--purpose', 'user_data', flag, 'pipe'], server);
  expect(run.exitCode, run.stderr).toBe(flag === '--api-key-file' ? 2 : 0);
  expect(run.stderr).toMatch(/pipe/);
});

it('12.6: a config file that is a pipe keeps nobody waiting', async () => {
  const box = await sandbox();
  const folder = join(String(box.env['XDG_CONFIG_HOME'] ?? join(String(box.env['HOME']), '.config')), 'oai-upload');
  await mkdir(folder, { recursive: true });
  execFileSync('mkfifo', [join(folder, 'config.json')]);
  const run = await box.run(['list']);
  expect(run.exitCode, run.stderr).toBe(2);
});

it('12.29: clean removes what a killed push of stdin left', async () => {
  const box = await sandbox();
  await mkdir(join(box.stateDir, 'spool'), { recursive: true, mode: 0o700 });
  const spool = join(box.stateDir, 'spool', `${'1'.repeat(16)}.spool`);
  await writeFile(spool, 'half', { mode: 0o600 });
  await writeFile(`${spool}.filling`, '', { mode: 0o600 });
  const run = await box.run(['clean', '--json']);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()[0]).toMatchObject({ spools: 1 });
  expect(await readdir(join(box.stateDir, 'spool'))).toEqual([]);
});
