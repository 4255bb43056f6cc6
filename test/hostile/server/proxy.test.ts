import { createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { listening } from '../../support/listening.ts';
import { eachOf, figures } from '../../support/torture.ts';
import { drip, pour } from './endless.ts';
import { CONTENT, hostileServer } from './hostile-server.ts';

const PASSWORD = 'pass-word-0123456789';
const CREDENTIALS = Buffer.from(`user:${PASSWORD}`).toString('base64');

type Behave = (socket: Socket) => void;

/** What a proxy, or a server instead of its TLS, does with the first bytes that it gets. */
const behaviours: Readonly<Record<string, Behave>> = {
  'says nothing': () => {},
  closes: socket => void socket.end(),
  resets: socket => void socket.resetAndDestroy(),
  'speaks garbage': socket => void socket.write('\u0000\u0001garbage\r\n\r\n'),
  'drips its status line': socket => drip(socket, 'H'),
  'drips its head': socket => {
    socket.write('HTTP/1.1 200 OK\r\nx: ');
    drip(socket, 'a');
  },
  'pours its head': socket => {
    socket.write('HTTP/1.1 200 OK\r\nx: ');
    pour(socket, 'a'.repeat(65_536));
  },
  'pours interim answers': socket => pour(socket, 'HTTP/1.1 103 X\r\n\r\n'.repeat(1000)),
  'switches protocols': socket => void socket.write('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  'makes a tunnel to nothing': socket => void socket.write('HTTP/1.1 200 OK\r\n\r\n'),
  'makes a tunnel, then pours': socket => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    pour(socket, 'x'.repeat(65_536));
  },
  'pours a refusal': socket => {
    socket.write('HTTP/1.1 502 X\r\n\r\n');
    pour(socket, 'x'.repeat(65_536));
  },
  'echoes the password': socket =>
    void socket.end(`HTTP/1.1 403 no ${PASSWORD} ${CREDENTIALS} \u001b[31m\r\ncontent-length: 0\r\n\r\n`),
  'asks for a password': socket => void socket.end(`HTTP/1.1 407 ${PASSWORD}\r\ncontent-length: 0\r\n\r\n`),
};

const hostile = (behave: Behave): Promise<number> =>
  listening(createServer(socket => void socket.once('data', () => behave(socket)).resume()));

const cases = Object.entries(behaviours).flatMap(([name, behave]) =>
  (['proxy', 'server'] as const).map(at => ({ name, behave, at })),
);

/** The same port as a proxy on the way to an https server, or as that server. */
const environmentOf = (at: 'proxy' | 'server', port: number): Record<string, string> => ({
  OPENAI_API_KEY: 'sk-proxy-0123456789',
  ...(at === 'proxy'
    ? { OPENAI_BASE_URL: 'https://api.invalid/v1', HTTPS_PROXY: `http://user:${PASSWORD}@127.0.0.1:${port}` }
    : { OPENAI_BASE_URL: `https://127.0.0.1:${port}/v1` }),
});

const PUSH = ['push', 'f.txt', '--purpose', 'user_data', '--retries', '0'];

it(`12.16: ${cases.length} hostile proxies and handshakes end by what they are`, async () => {
  const troubles: string[] = [];
  await eachOf(cases, 4, async ({ name, behave, at }) => {
    const box = await sandbox();
    await box.write('f.txt', CONTENT);
    const env = environmentOf(at, await hostile(behave));
    const run = await box.run([...PUSH, '-vv', '--connect-timeout', '1s', '--stall-timeout', '500ms'], { env });
    const told = `${run.stdout}${run.stderr}`;
    if (![4, 5, 6].includes(run.exitCode ?? -1)) troubles.push(`${at} ${name}: ${run.exitCode} ${told}`);
    if (told.includes(PASSWORD) || told.includes(CREDENTIALS)) troubles.push(`${at} ${name}: the password: ${told}`);
    if (told.includes('\u001b')) troubles.push(`${at} ${name}: an escape`);
  });
  figures(`hostile proxies and handshakes: ${cases.length} cases, ${troubles.length} troubles`);
  expect(troubles).toEqual([]);
});

/** The contract says two seconds; the machine may be busy. */
const LONGEST_STOP_MS = 8000;

it('12.16: an interrupt ends every wait for a proxy or a handshake', async () => {
  const troubles: string[] = [];
  const waits = cases.filter(({ name }) => /nothing|drips|pours|switches/.test(name));
  await eachOf(waits, 4, async ({ name, behave, at }) => {
    const box = await sandbox();
    await box.write('f.txt', CONTENT);
    let meet = (): void => {};
    const met = new Promise<void>(resolve => {
      meet = resolve;
    });
    const port = await hostile(socket => {
      behave(socket);
      meet();
    });
    const live = box.start([...PUSH, '--connect-timeout', '60s'], { env: environmentOf(at, port) });
    await Promise.race([met, live.ended]);
    const stoppedAt = performance.now();
    live.kill('SIGINT');
    const { exitCode, signal } = await live.ended;
    const ms = performance.now() - stoppedAt;
    // Where the refusal was faster the run was just leaving, and listened to no signal any more: 130, as a shell says it.
    const code = signal === 'SIGINT' ? 130 : exitCode;
    if (ms > LONGEST_STOP_MS || ![4, 5, 6, 130].includes(code ?? -1))
      troubles.push(`${at} ${name}: ${ms.toFixed(0)} ms, ${exitCode} ${signal}`);
  });
  expect(troubles).toEqual([]);
});

it('12.16: verify reads no further than the size of the file', async () => {
  const box = await sandbox();
  await box.write('f.txt', CONTENT);
  let poured = 0;
  const { url } = await hostileServer('content', socket => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const more = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536))) poured += 65_536;
      if (!socket.destroyed) socket.once('drain', more);
    };
    more();
  });
  const run = await box.run(['verify', 'f.txt', 'file-1'], {
    env: { OPENAI_API_KEY: 'sk-verify-0123456789', OPENAI_BASE_URL: url },
  });
  expect(run.exitCode).toBe(7);
  expect(run.stderr).toContain('the content differs: 12 bytes here, more in file-1');
  // What the buffers of the kernel take, and no more.
  expect(poured).toBeLessThan(64 * 1024 ** 2);
});
