import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { type CliOptions, type LiveCli, linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile, sameBytes } from '../support/files.ts';

it.each(['SIGINT', 'SIGTERM'] as const)('serves a whole push from its folder, and ends with 0 at %s', async signal => {
  const box = await sandbox();
  const { server, url } = await serve(box, ['--dir', 'api']);
  const path = await randomFile(box.path('f.bin'), 1000 * KiB);
  const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '100KiB', '--base-url', url];
  const { exitCode, stdout, stderr } = await box.run(push, { env: { OPENAI_API_KEY: 'any' } });
  expect(exitCode, stderr).toBe(0);
  expect(await sameBytes(box.path(`api/files/${stdout.trim()}/f.bin`), path)).toBe(true);
  expect(await listed(url, 'any')).toEqual([stdout.trim()]);
  server.kill(signal);
  const ended = await server.ended;
  expect(ended).toMatchObject({ exitCode: 0, stdout: `${url}\n` });
});

it('keeps its files in the state folder unless told, and has them again when started again', async () => {
  const box = await sandbox();
  await randomFile(box.path('f.bin'), 10);
  const first = await serve(box, []);
  const push = ['push', 'f.bin', '--purpose', 'assistants', '--base-url', first.url];
  const { stdout } = await box.run(push, { env: { OPENAI_API_KEY: 'any' } });
  first.server.kill('SIGTERM');
  await first.server.ended;
  expect(await box.stateFiles()).toContain(`local/files/${stdout.trim()}/f.bin`);
  const second = await serve(box, []);
  expect(await listed(second.url, 'any')).toEqual([stdout.trim()]);
});

it('asks for the key of its file before that of its variable, and takes no other', async () => {
  const box = await sandbox();
  await box.write('key', 'sk-from-file\n');
  const { url } = await serve(box, ['--key-file', 'key'], { env: { OAI_UPLOAD_SERVE_KEY: 'sk-from-variable' } });
  expect(await listed(url, 'sk-from-file')).toEqual([]);
  expect(await listed(url, 'sk-from-variable')).toBe(401);
});

it('asks for the key of its variable', async () => {
  const { url } = await serve(await sandbox(), [], { env: { OAI_UPLOAD_SERVE_KEY: 'sk-from-variable' } });
  expect(await listed(url, 'sk-from-variable')).toEqual([]);
  expect(await listed(url, 'another')).toBe(401);
});

it('fails as its faults say, and a push gets over it', async () => {
  const box = await sandbox();
  const faults = [
    { endpoint: 'part', part: 2, attempt: 1, do: 'status', status: 503, headers: { 'retry-after': '0' } },
    { endpoint: 'part', part: 3, attempt: 1, do: 'reset-in-body', afterBytes: 1000 },
  ];
  await box.write('faults.json', JSON.stringify(faults));
  const { url } = await serve(box, ['--dir', 'api', '--faults', 'faults.json']);
  const path = await randomFile(box.path('f.bin'), 500 * KiB);
  const push = ['push', 'f.bin', '--purpose', 'assistants', '--part-size', '100KiB', '--json', '--base-url', url];
  const { exitCode, results, stderr } = await box.run(push, { env: { OPENAI_API_KEY: 'any' } });
  expect(exitCode, stderr).toBe(0);
  expect(results()[0]).toMatchObject({ parts: { total: 5, sent: 5 }, bytes_sent: 500 * KiB, retries: 2 });
  expect(results()[0]?.['bytes_resent']).toBeGreaterThan(0);
  expect(await sameBytes(box.path(`api/files/${results()[0]?.['file_id']}/f.bin`), path)).toBe(true);
});

it('gives its uploads the lifetime that it is told', async () => {
  const { url } = await serve(await sandbox(), ['--lifetime', '5m']);
  const reply = await fetch(`${url}/uploads`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ filename: 'f', purpose: 'assistants', bytes: 1, mime_type: 'text/plain' }),
  });
  const { created_at, expires_at } = (await reply.json()) as { created_at: number; expires_at: number };
  expect(expires_at - created_at).toBe(300);
});

it.each([
  { name: 'faults that are no JSON', faults: '[{', says: /--faults faults\.json: Faults are not JSON/ },
  { name: 'faults that are no list', faults: '{}', says: /--faults faults\.json: .*array/ },
  {
    name: 'a fault that is none',
    faults: '[{"endpoint":"part","do":"reset-before"},{"endpoint":"part","do":"explode"}]',
    says: /--faults faults\.json: Fault 2, "do"/,
  },
  {
    name: 'faults that are not there',
    flags: ['--faults', 'absent.json'],
    says: /--faults absent\.json cannot be read/,
  },
  { name: 'a key file that is not there', flags: ['--key-file', 'absent'], says: /--key-file absent cannot be read/ },
  { name: 'a port that is none', flags: ['--port', '65536'], says: /--port takes .* not "65536"/ },
  {
    name: 'other machines without a key',
    flags: ['--host', '192.0.2.1'],
    says: /--host 192\.0\.2\.1 lets other machines in/,
  },
])('refuses $name with code 2', async ({ faults, flags, says }) => {
  const box = await sandbox();
  if (faults !== undefined) await box.write('faults.json', faults);
  const run = await box.run(['serve', ...(flags ?? ['--faults', 'faults.json'])]);
  expect(run.stderr).toMatch(says);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
});

it('refuses a port that is taken', async () => {
  const taken = createServer();
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' && address ? String(address.port) : '';
  const run = await (await sandbox()).run(['serve', '--port', port]);
  taken.close();
  expect(run.stderr).toMatch(/cannot listen.*EADDRINUSE/);
  expect(run).toMatchObject({ exitCode: 2, stdout: '' });
});

type Served = { readonly server: LiveCli; readonly url: string };

async function serve(box: Sandbox, flags: readonly string[], options?: CliOptions): Promise<Served> {
  const server = box.start(['serve', ...flags], options);
  const url = await server.line();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(linesOf(url)).toHaveLength(1);
  return { server, url };
}

/** The ids of its Files, or the status of its refusal. */
async function listed(url: string, key: string): Promise<readonly string[] | number> {
  const reply = await fetch(`${url}/files`, { headers: { authorization: `Bearer ${key}` } });
  if (!reply.ok) return reply.status;
  return ((await reply.json()) as { data: readonly { id: string }[] }).data.map(({ id }) => id);
}
