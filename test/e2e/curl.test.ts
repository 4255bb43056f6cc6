import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { BIN, type Sandbox, sandbox } from '../support/cli.ts';
import { shell } from '../support/shell.ts';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** `serve` without a key, under limits that a shell sets. */
async function served(box: Sandbox, limits = ''): Promise<string> {
  const child = spawn(
    'sh',
    ['-c', `${limits} exec "$0" "$@"`, process.execPath, BIN, 'serve', '--dir', box.path('served')],
    {
      env: box.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return line.trim();
}

const KEY = '-H "Authorization: Bearer $OPENAI_API_KEY"';
const CREATE = `-d '{
    "purpose": "fine-tune",
    "filename": "training_examples.jsonl",
    "bytes": 8,
    "mime_type": "text/jsonl",
    "expires_after": { "anchor": "created_at", "seconds": 3600 }
  }'`;
const idOf = (json: string): string => String((JSON.parse(json) as { readonly id: string }).id);

it.skipIf(!hasCurl)("12.21: the curl lines of OpenAI's API reference work as printed", async () => {
  const box = await sandbox();
  const url = await served(box);
  const curl = async (line: string): Promise<string> => {
    const run = await shell(`curl -sS ${line}`, box, { env: { OPENAI_API_KEY: 'sk-any-0123456789' } });
    expect(run.exitCode, run.stderr).toBe(0);
    return run.stdout;
  };
  const upload = idOf(await curl(`${url}/uploads ${KEY} ${CREATE}`));
  const part = idOf(await curl(`${url}/uploads/${upload}/parts ${KEY} -F data="aHR0cHM6"`));
  const done = await curl(`${url}/uploads/${upload}/complete ${KEY} -d '{ "part_ids": ["${part}"] }'`);
  expect(JSON.parse(done)).toMatchObject({ status: 'completed', file: { object: 'file', bytes: 8 } });
  const other = idOf(await curl(`${url}/uploads ${KEY} -H "Content-Type: application/json" ${CREATE}`));
  expect(JSON.parse(await curl(`${url}/uploads/${other}/cancel ${KEY} -X POST`))).toMatchObject({
    status: 'cancelled',
  });
  expect(JSON.parse(await curl(`${url}/files ${KEY}`))).toMatchObject({ object: 'list', data: [{ bytes: 8 }] });
});

it.skipIf(!hasCurl)('12.19: a full disk answers 507 and harms nothing', async () => {
  const box = await sandbox();
  // What a file may hold here: more fails as on a disk that is full.
  const url = await served(box, 'ulimit -f 64;');
  const curl = async (line: string): Promise<{ readonly status: number; readonly body: string }> => {
    const run = await shell(`curl -sS -w '\\n%{http_code}' ${line}`, box, {
      env: { OPENAI_API_KEY: 'sk-any-0123456789' },
    });
    const at = run.stdout.lastIndexOf('\n');
    return { status: Number(run.stdout.slice(at + 1)), body: run.stdout.slice(0, at) };
  };
  await box.write('large', 'x'.repeat(200_000));
  await box.write('small', 'x'.repeat(8));
  const upload = idOf((await curl(`${url}/uploads ${KEY} ${CREATE}`)).body);
  const full = await curl(`${url}/uploads/${upload}/parts ${KEY} -F data=@large`);
  expect(full.status, full.body).toBe(507);
  const part = await curl(`${url}/uploads/${upload}/parts ${KEY} -F data=@small`);
  expect(part.status).toBe(200);
  const done = await curl(`${url}/uploads/${upload}/complete ${KEY} -d '{ "part_ids": ["${idOf(part.body)}"] }'`);
  expect(JSON.parse(done.body)).toMatchObject({ status: 'completed' });
  const other = idOf((await curl(`${url}/uploads ${KEY} ${CREATE}`)).body);
  expect((await curl(`${url}/uploads/${other}/parts ${KEY} -F data=@large`)).status).toBe(507);
  expect(JSON.parse((await curl(`${url}/uploads/${other}/cancel ${KEY} -X POST`)).body)).toMatchObject({
    status: 'cancelled',
  });
});

it('28: serve --rate takes a rate', async () => {
  const box = await sandbox();
  const run = await box.run(['serve', '--rate', '5MB/x']);
  expect(run.exitCode).toBe(2);
  const child = spawn(process.execPath, [BIN, 'serve', '--rate', '5MB/s', '--dir', box.path('rated')], {
    env: box.env,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  expect(line).toMatch(/^http:/);
});
