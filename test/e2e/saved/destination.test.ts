import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { begun } from '../../support/begun.ts';
import { type Sandbox, sandbox } from '../../support/cli.ts';
import { KiB, randomFile } from '../../support/files.ts';
import { runInside } from '../../support/inside.ts';
import { listening } from '../../support/listening.ts';
import { saveUpload } from '../../support/saved.ts';
import { KEY, type TestServer, testServer } from '../../support/server.ts';

const PART = 64 * KiB;

describe('12.7: a saved upload that goes elsewhere', () => {
  it.each(['resume', 'cancel'])('%s sends it nothing, and names the flag that allows it', async command => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const id = await begun(box, server, 'f');
    const before = server.logs.length;
    const env = { OPENAI_API_KEY: server.env.OPENAI_API_KEY };
    for (const which of [id, '--all']) {
      const run = await box.run([command, which, '--json'], { env });
      expect(run.exitCode, run.stderr).toBe(2);
      expect(run.stderr).toContain(`--base-url ${server.url}`);
      expect(run.results()).toMatchObject([{ status: 'failed', upload_id: id }]);
    }
    expect(server.logs).toHaveLength(before);
    expect(await box.journals()).toHaveLength(1);
    const run = await box.run([command, '--all', '--base-url', server.url], { env });
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await box.journals()).toEqual([]);
  });

  it.each(['resume', 'cancel'])('%s --all goes on with the others', async command => {
    const [box, ours, theirs] = await Promise.all([sandbox(), testServer(), testServer()]);
    const other = await begun(box, theirs, 'theirs');
    const id = await begun(box, ours, 'ours');
    const before = theirs.logs.length;
    for (const args of [[other, id], ['--all']]) {
      const run = await box.run([command, ...args, '--json'], ours);
      expect(run.exitCode, run.stderr).toBe(2);
      expect(run.results().filter(({ status }) => status === 'failed')).toMatchObject([{ upload_id: other }]);
    }
    expect(ours.requests(command === 'resume' ? 'complete' : 'cancel')).toHaveLength(1);
    expect(theirs.logs).toHaveLength(before);
    expect(await box.journals()).toHaveLength(1);
  });
});

describe('12.22: several destinations', () => {
  const saved = async (box: Sandbox, server: TestServer, names: readonly string[]) => {
    for (const name of names) {
      const file = await randomFile(box.path(name), PART, name);
      await saveUpload(box.stateDir, {
        file,
        baseUrl: server.url,
        partSize: PART,
        uploadId: `upload_${name}`,
        project: name,
      });
    }
  };

  it('resume tries each, and ends as the first that did not complete', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const names = ['a', 'b', 'c'];
    await saved(box, server, names);
    const ids = names.map(name => `upload_${name}`);
    await box.write('a', '');
    // The server knows none of them: each is uploaded anew.
    const run = await box.run(['resume', ...ids, '--json'], server);
    expect(run.exitCode, run.stderr).toBe(3);
    expect(run.results().map(({ status }) => status)).toEqual(['failed', 'completed', 'completed']);
    expect(await server.files()).toHaveLength(2);
  });

  it('cancel tries each', async () => {
    const faults = [{ endpoint: 'cancel', attempt: 1, do: 'status', status: 403 }] as const;
    const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
    const names = ['a', 'b', 'c'];
    await saved(box, server, names);
    const run = await box.run(['cancel', ...names.map(name => `upload_${name}`), '--json'], server);
    expect(run.exitCode, run.stderr).toBe(4);
    expect(run.results().map(({ status }) => status)).toEqual(['failed', 'gone', 'gone']);
    expect(server.requests('cancel')).toHaveLength(3);
  });

  it('ends as the first in argument order, wherever the others of its destination are', async () => {
    const faults = [{ endpoint: 'create', attempt: 2, do: 'status', status: 403 }] as const;
    const [box, server] = await Promise.all([sandbox(), testServer({ faults })]);
    await saved(box, server, ['a', 'b']);
    const file = await randomFile(box.path('c'), PART, 'c');
    await saveUpload(box.stateDir, { file, baseUrl: server.url, partSize: PART, uploadId: 'upload_c', project: 'a' });
    await box.write('c', '');
    const run = await box.run(['resume', 'upload_a', 'upload_b', 'upload_c', '--json'], server);
    expect(run.results().map(({ path, status }) => `${path.at(-1)} ${status}`)).toEqual([
      'a completed',
      'c failed',
      'b failed',
    ]);
    expect(run.exitCode).toBe(4);
  });

  it('--fail-fast stops those of other destinations too', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    await saved(box, server, ['a', 'b']);
    await box.write('a', '');
    const run = await box.run(['resume', 'upload_a', 'upload_b', '--fail-fast', '--json'], server);
    expect(run.exitCode).toBe(3);
    expect(run.results()).toMatchObject([
      { status: 'failed' },
      { status: 'interrupted', error: { reason: 'fail-fast' } },
    ]);
    expect(await server.files()).toEqual([]);
  });
});

describe('12.22: connections are closed where a command fails', () => {
  it.each([
    ['cancel', ['cancel', '--all']],
    ['verify', ['verify', 'f', 'file-1']],
  ])('%s', async (_name, args) => {
    const box = await sandbox();
    const server = createServer((_request, reply) => reply.writeHead(403).end('{}'));
    server.keepAliveTimeout = 3_600_000;
    const baseUrl = `http://127.0.0.1:${await listening(server)}/v1`;
    await saveUpload(box.stateDir, { file: await randomFile(box.path('f'), PART), baseUrl, partSize: PART });
    const closed = new Promise(resolve => server.on('connection', socket => socket.once('close', resolve)));
    const env = { ...box.env, OPENAI_API_KEY: KEY, OPENAI_BASE_URL: baseUrl };
    const run = await runInside(
      args.map(word => (word === 'f' ? box.path(word) : word)),
      { env },
    );
    expect(run.exitCode, run.stderr).toBe(4);
    await closed;
  });
});
