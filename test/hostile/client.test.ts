import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BIN } from '../support/cli.ts';
import { figures } from '../support/torture.ts';
import { type ClientCase, clientCases, isForbidden } from './client-cases.ts';

let folder: string;
let url: string;
let child: ReturnType<typeof spawn>;
let stderr = '';
const KEY = 'sk-hostile-0123456789';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oai-hostile-'));
  child = spawn(process.execPath, [BIN, 'serve', '--dir', join(folder, 'served')], {
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  child.stderr?.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [line] = (await once(child.stdout?.setEncoding('utf8') as NodeJS.ReadableStream, 'data')) as [string];
  url = line.trim();
});
afterAll(async () => {
  child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
  const init = { headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' } };
  const reply = await fetch(
    url + path,
    body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) },
  );
  expect(reply.status).toBe(200);
  return reply.json() as Promise<Record<string, unknown>>;
};

const create = async (): Promise<string> =>
  String(
    (await ask('/uploads', { filename: 'good.txt', purpose: 'assistants', bytes: 5, mime_type: 'text/plain' }))['id'],
  );

/** Sends the bytes, ends that side, and reads until the server closes. Generous, but bounded. */
const exchanged = ({ bytes }: ClientCase, upload: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', text => {
      answer += text;
    });
    socket.setTimeout(60_000, () => {
      socket.destroy();
      reject(new Error('the server neither answered nor closed the connection'));
    });
    // A reset is an answer too.
    socket.on('error', () => {}).on('close', () => resolve(answer));
    socket.end(bytes(upload));
  });

const goodUpload = async (): Promise<void> => {
  const id = await create();
  const form = new FormData();
  form.append('data', new Blob(['hello']), 'part-1');
  const reply = await fetch(`${url}/uploads/${id}/parts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  });
  const part = (await reply.json()) as { readonly id: string };
  const done = await ask(`/uploads/${id}/complete`, { part_ids: [part.id] });
  expect(done['status']).toBe('completed');
};

/** Names below the folder, with ids as `*`. */
async function shapes(): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'served'), { recursive: true });
  return [...new Set(names.map(name => name.replace(/[A-Za-z0-9]{24}/g, '*')))].sort();
}

it(`12.19: survives ${clientCases.length} malformed requests, and goes on answering`, async () => {
  expect(clientCases.length).toBeGreaterThanOrEqual(200);
  const upload = await create();
  await goodUpload();
  const before = await shapes();
  const wrong: string[] = [];
  for (let at = 0; at < clientCases.length; at += 16) {
    const group = clientCases.slice(at, at + 16);
    const answers = await Promise.all(group.map(one => exchanged(one, upload)));
    for (const [index, answer] of answers.entries()) {
      const one = group[index] as ClientCase;
      const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      if (statuses.some(status => status >= 500)) wrong.push(`${one.name}: ${statuses}`);
      if (isForbidden(one) && !statuses.every(status => status === 403 || status === 400))
        wrong.push(`${one.name}: ${statuses}`);
      if (answer.includes(KEY)) wrong.push(`${one.name}: the key comes back`);
    }
    await goodUpload();
  }
  expect(wrong).toEqual([]);
  expect(child.exitCode).toBe(null);
  expect(stderr).toBe('');
  // Only what a good upload makes, and parts and Uploads of requests that were good after all.
  const strays = (await shapes()).filter(
    name => !before.includes(name) && !/^uploads\/upload_\*(\/(part_\*|upload\.json))?$/.test(name),
  );
  expect(strays).toEqual([]);
  const peak =
    Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0) / 1000;
  expect(peak).toBeLessThanOrEqual(150);
  figures(
    `hostile clients: ${clientCases.length} requests, 0 crashes, 0 hangs, 0 stray files, peak ${peak.toFixed(0)} MB`,
  );
});

it('12.19: closes connections whose head never comes, and answers beside a thousand idle ones', async () => {
  const idle = Array.from({ length: 1000 }, () =>
    connect(Number(new URL(url).port), '127.0.0.1')
      .on('error', () => {})
      .resume(),
  );
  await Promise.all(idle.map(socket => Promise.race([once(socket, 'connect'), once(socket, 'close')])));
  for (const socket of idle.slice(0, 100)) socket.write('GET /v1/fi');
  const first = idle[0];
  if (first && !first.closed) await once(first, 'close');
  for (const socket of idle) socket.destroy();
  await goodUpload();
});
