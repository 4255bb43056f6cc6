import { readFile, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { listening } from '../support/listening.ts';
import { type TestServer, testServer } from '../support/server.ts';

const TOKENS = ['entra-token-number-1', 'entra-token-number-2', 'entra-token-number-3'] as const;
const PUSH = [
  'push',
  'f.bin',
  '--purpose',
  'user_data',
  '--part-size',
  '64KiB',
  '--concurrency',
  '4',
  '--json',
] as const;

/** A command that prints the next token each time, and counts how often it ran. */
async function tokens(box: Sandbox) {
  const script = `const fs=require('fs');let n=0;try{n=+fs.readFileSync('ran','utf8')}catch{}
fs.writeFileSync('ran',String(n+1));console.error('noise');console.log(${JSON.stringify(TOKENS)}[n]);`;
  await writeFile(box.path('token.cjs'), script);
  const ran = async (): Promise<number> => Number(await readFile(box.path('ran'), 'utf8').catch(() => '0'));
  return { command: `"${process.execPath}" token.cjs 'an argument'`, ran };
}

/** Before a server: takes one token for so many part requests, then another; passes on as the server's own key. */
async function gate(server: TestServer, partsForFirst: number) {
  const seen: string[] = [];
  let parts = 0;
  const here = createServer((incoming, outgoing) => {
    const { authorization = '', 'api-key': key, ...headers } = incoming.headers;
    seen.push(`${incoming.method} ${incoming.url?.replace(/(upload_|file-)\w+/, '$1x')}`);
    if (/parts$/.test(incoming.url ?? '')) parts += 1;
    const valid = `Bearer ${TOKENS[parts > partsForFirst ? 1 : 0]}`;
    if (key !== undefined || authorization !== valid) {
      incoming.resume().on('end', () => {
        outgoing.writeHead(401, { 'content-type': 'application/json' });
        outgoing.end(JSON.stringify({ error: { message: `the token ${authorization} is expired` } }));
      });
      return;
    }
    const { port } = server;
    const options = { port, method: incoming.method, path: incoming.url, headers: { ...headers, ...bearer(server) } };
    const onwards = request(options, async reply => {
      outgoing.writeHead(reply.statusCode ?? 500, reply.headers);
      await pipeline(reply, outgoing).catch(() => {});
    });
    pipeline(incoming, onwards).catch(() => {});
  });
  return { port: await listening(here), seen };
}

const bearer = ({ env }: TestServer) => ({ authorization: `Bearer ${env.OPENAI_API_KEY}` });

it('16.14: Azure with a token that expires in the middle of a push: renewed, one File, and no token is shown', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = await randomFile(box.path('f.bin'), 10 * 64 * KiB);
  const { command, ran } = await tokens(box);
  const { port, seen } = await gate(server, 4);
  const flags = ['--api-key-command', command, '-vv', '--log-file', 'log', '--trace', 'trace'];
  const run = await box.run([...PUSH, ...flags], { env: { AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${port}` } });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.results()).toMatchObject([{ status: 'completed', retries: 0 }]);
  expect(await ran()).toBe(2);
  const files = await server.files();
  expect(files).toHaveLength(1);
  expect(await server.md5(String(files[0]?.['id']))).toBe(await md5OfFile(path));
  expect(seen[0]).toBe('POST /openai/v1/uploads');
  const told = [
    run.stdout,
    run.stderr,
    ...(await Promise.all(['log', 'trace'].map(name => readFile(box.path(name), 'utf8')))),
  ];
  for (const token of TOKENS) expect(told.join('\n')).not.toContain(token);
});

it('16.14: a token that is refused again is asked for once, and the push resumes later', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await randomFile(box.path('f.bin'), 10 * 64 * KiB);
  const { command, ran } = await tokens(box);
  const { port } = await gate(server, -1);
  const env = { AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${port}`, OAI_UPLOAD_API_KEY_COMMAND: command };
  await writeFile(box.path('ran'), '1');
  // The first token is the second one, which is right from the start; the third is not.
  expect((await box.run(PUSH, { env })).exitCode).toBe(0);
  expect(await ran()).toBe(2);
  const refused = await box.run([...PUSH, '--restart'], { env });
  expect(refused.exitCode, refused.stderr).toBe(4);
  expect(await ran()).toBe(4);
});

it('a command that fails when the token has expired says why, and the push resumes later', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await randomFile(box.path('f.bin'), 10 * 64 * KiB);
  const { port } = await gate(server, 4);
  await writeFile(
    box.path('token.cjs'),
    `const fs=require('fs');if(fs.existsSync('ran')){console.error('noise\\nthe login has expired');process.exit(3)}
fs.writeFileSync('ran','');console.log('${TOKENS[0]}');`,
  );
  const env = { AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${port}` };
  const run = await box.run([...PUSH, '--api-key-command', `"${process.execPath}" token.cjs`], { env });
  expect(run.exitCode, run.stderr).toBe(4);
  expect(run.stderr).toContain('\nhint: --api-key-command failed: exit code 3: the login has expired\n');
  const resumed = await box.run(PUSH, { env: { ...env, AZURE_OPENAI_AD_TOKEN: TOKENS[1] } });
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect(await server.files()).toHaveLength(1);
});

it('16.14: AZURE_OPENAI_AD_TOKEN is a bearer, AZURE_OPENAI_API_KEY is not, on both paths of the embedded server', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('f.bin', 'x');
  const key = server.env.OPENAI_API_KEY;
  const endpoint = { AZURE_OPENAI_ENDPOINT: `http://127.0.0.1:${server.port}` };
  for (const env of [
    { AZURE_OPENAI_AD_TOKEN: key, AZURE_OPENAI_API_KEY: 'not-this-one' },
    { AZURE_OPENAI_API_KEY: key },
    { AZURE_OPENAI_API_KEY: key, OPENAI_API_VERSION: '2024-10-21' },
  ]) {
    const run = await box.run(['push', 'f.bin', '--purpose', 'user_data'], { env: { ...endpoint, ...env } });
    expect(run.exitCode, run.stderr).toBe(0);
  }
  const roots = server.requests('create').map(({ path }) => path);
  expect(roots).toEqual(['/openai/v1/uploads', '/openai/v1/uploads', '/openai/uploads']);
});

it.each([
  {
    name: 'no such program',
    command: 'no-such-program-here x',
    says: /^oai-upload: --api-key-command failed: there is no such program\nhint: .*sh -c/,
  },
  {
    name: 'a failure',
    command: `sh -c 'echo secret; echo first >&2; echo why >&2; exit 3'`,
    says: /^oai-upload: --api-key-command failed: exit code 3: why\n$/,
  },
  { name: 'nothing', command: 'true', says: /^oai-upload: no key: --api-key-command printed nothing\n/ },
  {
    name: 'too much',
    command: `sh -c 'yes key'`,
    says: /^oai-upload: --api-key-command failed: it printed more than any key\n/,
  },
  {
    name: 'an open quote',
    command: `sh -c 'x`,
    says: /^oai-upload: --api-key-command is no command: a quote is not closed/,
  },
])('16.14: a key command that gives $name is a mistake of usage', async ({ command, says }) => {
  const box = await sandbox();
  await box.write('f.bin', 'x');
  const run = await box.run(['push', 'f.bin', '--purpose', 'user_data', '--api-key-command', command], {});
  expect(run.exitCode, run.stderr).toBe(2);
  expect(run.stderr).toMatch(says);
  expect(run.stderr).not.toContain('secret');
});
