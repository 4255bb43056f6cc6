import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/report/text/width.ts';
import type { Fault } from '../../src/server/faults/fault.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { sandbox } from '../support/cli.ts';
import { MiB, randomFile, sparseFile } from '../support/files.ts';
import { atTerminal, CTRL_C, type Pty, type PtyOptions } from '../support/pty.ts';
import { testServer } from '../support/server.ts';

/**
 * What a person sees, at a real pseudo-terminal. Faults hold the moment that is looked at; what varies is settled, and
 * the screens are kept in screens/ for review (`--update` at the end of the test command writes them anew).
 */
const describeUnix = describe.skipIf(process.platform === 'win32');

const PARTS = 20;
const HELD = /70%/;

/** Parts from this one on get no answer: what is shown then stays. */
const heldFrom = (first: number, last = PARTS): readonly Fault[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ endpoint: 'part', part: first + index, do: 'stall' }));

type Scene = PtyOptions & { readonly server?: Partial<ServerOptions>; readonly flags?: readonly string[] };

const PUSH = ['push', 'data.jsonl', '--purpose', 'user_data', '--part-size', '1MiB', '--concurrency', '4'];

/** A push of 20 MiB in 20 parts at a terminal. */
async function pushed({ server: options = {}, flags = [], ...pty }: Scene = {}) {
  const box = await sandbox();
  const server = await testServer(options);
  await randomFile(box.path('data.jsonl'), PARTS * MiB);
  const start = (): Pty => atTerminal([...PUSH, ...flags], box, { ...pty, env: { ...server.env, ...pty.env } });
  return { box, server, start, terminal: start() };
}

/** A push that stays at the half. */
const halfWay = (scene: Scene = {}) => pushed({ ...scene, server: { faults: heldFrom(11), ...scene.server } });

const kept = (screen: string, name: string) =>
  expect(`${settled(screen)}\n`).toMatchFileSnapshot(`screens/${name}.txt`);

async function stop(terminal: Pty): Promise<void> {
  terminal.type(CTRL_C);
  expect(await terminal.ended).toBe(130);
  expect(terminal.cursorIsVisible()).toBe(true);
}

describeUnix('the screen of one file', () => {
  it.each([40, 80, 200])('at %i columns', async columns => {
    const { terminal } = await halfWay({ columns });
    await kept(await terminal.until(HELD), `bar-${columns}`);
    await stop(terminal);
  });

  it('when the upload expires soon', async () => {
    const { terminal } = await halfWay({ server: { faults: heldFrom(11), lifetimeMs: 299_000 } });
    await kept(await terminal.until(/70%[\s\S]*upload expires in/), 'expires-soon');
    await stop(terminal);
  });

  it('when nothing moves', async () => {
    const { terminal } = await halfWay();
    await kept(await terminal.until(/waiting for the server, /), 'stalled');
    await stop(terminal);
  });

  it('with a retry', async () => {
    const faults: Fault[] = [{ endpoint: 'part', part: 2, attempt: 1, do: 'status', status: 503 }, ...heldFrom(11)];
    const { terminal } = await pushed({ server: { faults }, columns: 200 });
    await kept(await terminal.until(/70%[\s\S]*1 retry/), 'retry');
    await stop(terminal);
  });

  it('at a gate that the server closed', async () => {
    const headers = { 'retry-after': '12' };
    const faults: Fault[] = [{ endpoint: 'part', part: 11, attempt: 1, do: 'status', status: 429, headers }];
    const { terminal } = await pushed({ server: { faults }, flags: ['--concurrency', '1'], columns: 160 });
    await kept(await terminal.until(/50%[\s\S]*waiting \d+ s, as the server asked/), 'gate');
    await stop(terminal);
  });

  it('while the server completes', async () => {
    const { terminal } = await pushed({ server: { faults: [{ endpoint: 'complete', do: 'stall' }] } });
    await kept(await terminal.until(/server is completing, \d+ s/), 'completing');
    await stop(terminal);
  });

  it('while the file is hashed', async () => {
    const box = await sandbox();
    const server = await testServer({ faults: [{ endpoint: 'complete', do: 'stall' }] });
    await sparseFile(box.path('big.bin'), 384 * MiB);
    const start = () => atTerminal(['push', 'big.bin', '--purpose', 'user_data'], box, { env: server.env });
    // Everything is there, so the next run has nothing to do but to hash.
    const first = start();
    await first.until(/server is completing/);
    await stop(first);
    const second = start();
    await kept(await second.until(/hashing, \d+%/), 'hashing');
    await second.until(/server is completing/);
    await stop(second);
  });

  it('at the end: one line, and the id', async () => {
    const { terminal } = await pushed({ columns: 120 });
    expect(await terminal.ended).toBe(0);
    expect(terminal.cursorIsVisible()).toBe(true);
    await kept(terminal.screen(), 'completed');
  });

  it('after Ctrl-C, and when the same command goes on', async () => {
    const { terminal, server, start } = await halfWay({ columns: 150 });
    await terminal.until(HELD);
    await stop(terminal);
    await kept(terminal.screen(), 'interrupted');
    await server.restart();
    const again = start();
    expect(await again.ended).toBe(0);
    await kept(again.screen(), 'resumed');
  });

  it('after a failure', async () => {
    const faults: Fault[] = [{ endpoint: 'part', part: 11, do: 'status', status: 400 }, ...heldFrom(12)];
    const { terminal } = await pushed({ server: { faults } });
    expect(await terminal.ended).toBe(6);
    expect(terminal.cursorIsVisible()).toBe(true);
    await kept(terminal.screen(), 'failed');
  });

  it('after windows of other sizes', async () => {
    const { terminal } = await halfWay({ columns: 120 });
    await terminal.until(HELD);
    for (const [columns, row] of [
      [40, /^█+░+ data.jsonl {2}70% .*\n.*14\/20 MiB/m],
      [100, /^█+░+ data.jsonl {2}70% +14\/20 MiB +[\d.]+ /m],
      [60, /^█+░+ data.jsonl {2}70% +[\d.]+ .*\n.*14\/20 MiB/m],
    ] as const) {
      await terminal.resize(columns, 24);
      expect((await terminal.until(row)).split('\n')).toHaveLength(3);
    }
    await kept(evened(terminal.screen()), 'resized');
    await stop(terminal);
  });
});

describeUnix('the screen of several files', () => {
  it('has a bar each and one for all', async () => {
    const box = await sandbox();
    const server = await testServer({ faults: heldFrom(5) });
    // Four parts of each file stay in flight: however late the second begins, the first cannot take every slot.
    await randomFile(box.path('train.jsonl'), 8 * MiB, 'a');
    await randomFile(box.path('validation.jsonl'), 8 * MiB, 'b');
    const args = ['push', 'train.jsonl', 'validation.jsonl', ...PUSH.slice(2), '--concurrency', '8'];
    const terminal = atTerminal(args, box, { env: server.env });
    const screen = await terminal.until(
      /^(?=[\s\S]*train.* [1-9]\d*%)(?=[\s\S]*validation.* [1-9]\d*%)[\s\S]*of 2 files[\s\S]*8 in flight/,
    );
    await kept(inOrder(evened(screen)), 'two-files');
    await stop(terminal);
    expect(terminal.screen()).toMatch(
      /^oai-upload: .*: interrupted by SIGINT\nkept \d+ MiB of .* for 5\d minutes; parts in flight are sent again\nhint: run the same command again to resume\n0 of 2 files uploaded, \d+ MiB in .*$/m,
    );
  });
});

describeUnix.each([40, 80, 200])('16.7: every state at %i columns, and no row wraps', columns => {
  const look = async (terminal: Pty, name: string, screen = terminal.screen()): Promise<void> => {
    // A word that is too long, like an id, stays whole.
    expect(terminal.wrapped().filter(row => /\s/.test(row.trim()))).toEqual([]);
    await expect(`${settled(screen)}\n`).toMatchFileSnapshot(`screens/${columns}/${name}.txt`);
  };

  it('from the start over Ctrl-C to the end', async () => {
    const { terminal, box, server, start } = await halfWay({ columns });
    await look(terminal, 'bar', await terminal.until(HELD));
    await stop(terminal);
    await look(terminal, 'interrupted');
    const list = atTerminal(['list'], box, { columns });
    expect(await list.ended).toBe(0);
    await look(
      list,
      'list',
      list
        .screen()
        .replace(/\d+ m( \d+ s)?/, '59 m')
        .replace(/upload_\w+/, `upload_${'x'.repeat(24)}`)
        .replace(/\S+data\.jsonl/, '…/data.jsonl'),
    );
    const show = atTerminal(['show', 'data.jsonl'], box, { columns });
    expect(await show.ended).toBe(0);
    await look(
      show,
      'show',
      show
        .screen()
        .replace(/upload_\w+/, `upload_${'x'.repeat(24)}`)
        .replace(/^(file {5}).*(?:\n .*)*$/m, '$1…/data.jsonl')
        .replace(/\d{4}-\S+Z\s+\(.*\)/, '2026-01-02T03:04:05.000Z (59 m)'),
    );
    await server.restart();
    const again = start();
    expect(await again.ended).toBe(0);
    await look(again, 'end');
  });

  it('the start', async () => {
    const { terminal } = await pushed({ server: { faults: [{ endpoint: 'create', do: 'stall' }] }, columns });
    await look(terminal, 'start', await terminal.until(/creating the upload/));
    await stop(terminal);
    await look(terminal, 'interrupted-at-start');
  });

  it('many files', async () => {
    const faults: Fault[] = [{ endpoint: 'create', attempt: [9, 10, 11, 12], do: 'stall' }];
    const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
    const names = Array.from({ length: 12 }, (_, index) => `shard-${10 + index}.jsonl`);
    for (const name of names) await randomFile(box.path(name), MiB, name);
    const args = ['push', ...names, ...PUSH.slice(2)];
    const terminal = atTerminal(args, box, { env: server.env, columns, rows: 60 });
    const screen = await terminal.until(/(?:.*creating the uploa.*\n){4}.*8 of 12 files/);
    const bars = screen.slice(screen.search(/^(?:.*creating the uploa.*\n){4}/m));
    await look(terminal, 'many-files', bars.replace(/ard-\d\d/g, 'ard-00'));
    await stop(terminal);
  });

  it('a retry under way', async () => {
    const faults: Fault[] = [{ endpoint: 'part', part: 2, attempt: 1, do: 'status', status: 503 }, ...heldFrom(11)];
    const { terminal } = await pushed({ server: { faults }, columns });
    await look(terminal, 'retry', await terminal.until(/70%[\s\S]*4 in flight/));
    await stop(terminal);
  });

  it('a dry run', async () => {
    const box = await sandbox();
    await Promise.all(['train.jsonl', 'validation.jsonl'].map(name => randomFile(box.path(name), 3 * MiB, name)));
    const args = ['push', 'train.jsonl', 'validation.jsonl', 'absent.jsonl', ...PUSH.slice(2), '--dry-run'];
    const terminal = atTerminal(args, box, { columns });
    expect(await terminal.ended).toBe(3);
    await look(terminal, 'dry-run');
  });

  it('a failure', async () => {
    const faults: Fault[] = [{ endpoint: 'part', part: 11, do: 'status', status: 400 }, ...heldFrom(12)];
    const { terminal } = await pushed({ server: { faults }, columns });
    expect(await terminal.ended).toBe(6);
    await look(terminal, 'failed');
  });

  it('a retry', async () => {
    const headers = { 'retry-after': '3600' };
    const faults: Fault[] = [{ endpoint: 'part', part: 11, do: 'status', status: 503, headers }, ...heldFrom(12)];
    const { terminal } = await pushed({ server: { faults }, columns });
    expect(await terminal.ended).toBe(5);
    await look(terminal, 'asked-to-wait');
  });

  it('several files', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    await randomFile(box.path('train.jsonl'), MiB, 'a');
    const args = ['push', 'train.jsonl', 'absent.jsonl', ...PUSH.slice(2)];
    const terminal = atTerminal(args, box, { env: server.env, columns });
    expect(await terminal.ended).toBe(3);
    await look(
      terminal,
      'several',
      terminal.screen().replace(/^(✓.*(?:\n {2}.*)*)\n(oai-upload: absent.*)$/m, '$2\n$1'),
    );
  });

  it('a mistake of usage', async () => {
    const terminal = atTerminal(['push', 'data.jsonl'], await sandbox(), { columns });
    expect(await terminal.ended).toBe(2);
    await look(terminal, 'usage');
  });

  it('check', async () => {
    const box = await sandbox();
    await box.write('bad.jsonl', '{"messages":[{"role":"user","content":"q"},]}\n');
    const terminal = atTerminal(['check', 'bad.jsonl', '--purpose', 'fine-tune'], box, { columns });
    expect(await terminal.ended).toBe(3);
    await look(terminal, 'check');
  });

  it('doctor', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const terminal = atTerminal(['doctor', '--no-upload'], box, { env: server.env, columns, rows: 60 });
    expect(await terminal.ended).toBe(0);
    // What differs from machine to machine is left out.
    const same = terminal.screen().replace(/^(?:base-url|connect|state|clock) .*\n(?: .*\n)*/gm, '');
    await look(terminal, 'doctor', same);
  });
});

it.each([40, 80, 200])('16.7: no row of any screen is wider than %i columns', async columns => {
  const folder = new URL(`screens/${columns}/`, import.meta.url);
  const names = await readdir(folder);
  expect(names.length).toBeGreaterThanOrEqual(15);
  for (const name of names) {
    const rows = (await readFile(new URL(name, folder), 'utf8')).split('\n');
    expect({ name, wide: rows.filter(row => widthOf(row) > columns) }).toEqual({ name, wide: [] });
  }
});

describeUnix('a terminal that can do less', () => {
  it('has no colours with NO_COLOR', async () => {
    const { terminal } = await halfWay({ env: { NO_COLOR: '1' } });
    await kept(await terminal.until(HELD), 'no-color');
    await stop(terminal);
    expect(terminal.raw()).not.toMatch(COLOUR);
  });

  it('has them with FORCE_COLOR, and without either', async () => {
    const { terminal } = await halfWay({ env: { FORCE_COLOR: '1' } });
    await terminal.until(HELD);
    await stop(terminal);
    expect(terminal.raw()).toMatch(COLOUR);
  });

  it('has no Unicode where the locale has none', async () => {
    const { terminal } = await halfWay({ env: { LANG: 'C' } });
    await kept(await terminal.until(HELD), 'no-unicode');
    await stop(terminal);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what may be there
    expect(terminal.raw()).toMatch(/^[\x00-\x7f]*$/);
  });

  it('is given plain lines where it is dumb', async () => {
    const { terminal } = await pushed({ columns: 120, env: { TERM: 'dumb' } });
    expect(await terminal.ended).toBe(0);
    await kept(terminal.screen(), 'dumb');
    expect(terminal.raw()).not.toContain('\u001b');
  });
});

describeUnix('warnings', () => {
  it('stay above the bar, each on a line of its own', async () => {
    const retried = [1, 2, 3, 4, 5, 6, 7, 8].map(part => ({ endpoint: 'part', part, attempt: 1, do: 'reset-in-body' }));
    const { terminal } = await pushed({
      server: { faults: [...(retried as Fault[]), ...heldFrom(11)] },
      flags: ['-v'],
      columns: 250,
    });
    const screen = await terminal.until(/70%[\s\S]*retries/);
    const lines = screen.split('\n');
    expect(lines.filter(line => /█/.test(line))).toEqual([lines.at(-2)]);
    expect(
      lines.slice(0, -2).filter(line => !/^(uploading to | {2}data\.jsonl: |(POST|GET) | {2})/.test(line)),
    ).toEqual([]);
    await stop(terminal);
  });
});

describeUnix('the cursor is back', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('after %s', async signal => {
    const { terminal } = await halfWay();
    await terminal.until(HELD);
    expect(terminal.cursorIsVisible()).toBe(false);
    terminal.kill(signal);
    expect(await terminal.ended).toBe(signal === 'SIGTERM' ? 143 : 129);
    expect(terminal.cursorIsVisible()).toBe(true);
  });

  it('after a second Ctrl-C, which waits for nothing', async () => {
    const faults: Fault[] = [...heldFrom(11), { endpoint: 'cancel', do: 'stall' }];
    const { server, terminal } = await pushed({ server: { faults }, flags: ['--cancel-on-interrupt'] });
    await terminal.until(/4 in flight/);
    terminal.type(CTRL_C);
    // The first one is heard when the parts in flight are given up. It then waits 1.5 s for the answer to cancel.
    await server.until(({ endpoint, closedEarly }) => endpoint === 'part' && closedEarly, 4);
    expect(terminal.cursorIsVisible()).toBe(false);
    terminal.type(CTRL_C);
    expect(await terminal.ended).toBe(130);
    expect(terminal.cursorIsVisible()).toBe(true);
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
const COLOUR = /\u001b\[[\d;]*m/;

/** Bars as if they were half full, without figures and complaints: for scenes that do not say when they are looked at. */
const evened = (screen: string): string =>
  screen
    .replace(/^([█░]+)( .*\S) +\d+% .*/gm, (_, bar: string, name: string) => `${halfOf(bar)}${name}  50% …`)
    .replace(/waiting for the server, \d+ s · /, '');

/** Files are shown in the order in which they began. */
const inOrder = (screen: string): string => screen.replace(/^(.* validation.*)\n(.* train.*)$/m, '$2\n$1');

const halfOf = (bar: string): string => '█'.repeat(bar.length / 2).padEnd(bar.length, '░');

const AMOUNT = String.raw`[\d.]+ [KMG]?i?B`;
const TIME = String.raw`\d[\d.]* (?:ms|s|m)(?: \d+ s)?`;

/** The screen with one value for whatever is different each time, in as many columns. */
const settled = (screen: string): string =>
  screen
    .replace(/ +$/gm, '')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replace(/(file-)\w+/g, (_, kind) => `${kind}${'x'.repeat(24)}`)
    .replace(/req_\w+/g, `req_${'x'.repeat(24)}`)
    .replace(new RegExp(`(?<![·,(] ?) +${AMOUNT}/s`, 'g'), found => '12.3 MiB/s'.padStart(found.length))
    .replace(new RegExp(`(?<=[·,(] ?)${AMOUNT}/s`, 'g'), '12.3 MiB/s')
    .replace(new RegExp(` {2,}${TIME} left`, 'g'), found => '4 s left'.padStart(found.length))
    .replace(new RegExp(`(?<=· )${TIME} left`, 'g'), '4 s left')
    .replace(new RegExp(`\\b(expires) in ${TIME}`, 'g'), '$1 in 4 m 12 s')
    .replace(new RegExp(`\\b(waiting) ${TIME}`, 'g'), '$1 12 s')
    .replace(new RegExp(`\\b(completing,|for the server,) ${TIME}`, 'g'), '$1 5 s')
    .replace(new RegExp(`(?<=attempt 2 in\\s+)${TIME}`, 'g'), '1.2 s')
    .replace(new RegExp(`(?<!expires )\\bin ${TIME}(?=[:, ]|$)`, 'gm'), 'in 1.2 s')
    .replace(/hashing, \d+%/, 'hashing, 50%')
    .replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏](?= )/gmu, '⠋');
