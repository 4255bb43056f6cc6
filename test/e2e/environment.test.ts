import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { type Json, sandbox } from '../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../support/files.ts';
import { KEY, testServer } from '../support/server.ts';

const NOWHERE = 'http://127.0.0.1:1/v1';

it('takes every value of a push from OAI_UPLOAD variables', async () => {
  const box = await sandbox();
  await randomFile(box.path('f'), 200 * KiB);
  const { exitCode, results, stderr } = await box.run(['push', 'f'], {
    env: {
      OAI_UPLOAD_PURPOSE: 'user_data',
      OAI_UPLOAD_FILENAME: 'other.jsonl',
      OAI_UPLOAD_PART_SIZE: '64KiB',
      OAI_UPLOAD_DRY_RUN: 'yes',
      OAI_UPLOAD_JSON: '1',
      OAI_UPLOAD_QUIET: 'true',
    },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(results()).toMatchObject([
    { status: 'planned', purpose: 'user_data', filename: 'other.jsonl', part_size: 64 * KiB, parts: { total: 4 } },
  ]);
});

it('pushes where OAI_UPLOAD variables say', async () => {
  const box = await sandbox();
  const path = await randomFile(box.path('f'), 1000);
  const { exitCode, stdout, stderr } = await box.run(['push', 'f'], {
    env: {
      OAI_UPLOAD_PURPOSE: 'user_data',
      OAI_UPLOAD_LOCAL: 'true',
      OAI_UPLOAD_LOCAL_DIR: 'kept',
      OAI_UPLOAD_STATE_DIR: 'saved',
      OAI_UPLOAD_CONCURRENCY: '2',
      OAI_UPLOAD_NO_MD5: '1',
      OAI_UPLOAD_PROGRESS: 'none',
    },
  });
  expect(exitCode, stderr).toBe(0);
  expect(await md5OfFile(box.path(`kept/files/${stdout.trim()}/f`))).toBe(await md5OfFile(path));
  expect(await box.leftovers()).toEqual([]);
});

it.each(['0', 'false', 'no', ''])('takes "%s" for off', async off => {
  const box = await sandbox();
  await randomFile(box.path('f'), 10);
  const env = { OAI_UPLOAD_JSON: off, OAI_UPLOAD_QUIET: off };
  const { exitCode, stdout, stderr } = await box.run(['push', 'f', '--purpose', 'user_data', '--dry-run'], { env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toContain('1 part');
});

it('takes a key file over OPENAI_API_KEY', async () => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('f'), 10);
  await box.write('key', KEY);
  const env = { ...server.env, OPENAI_API_KEY: 'another', OAI_UPLOAD_API_KEY_FILE: box.path('key') };
  expect(await box.run(['push', 'f', '--purpose', 'user_data'], { env })).toMatchObject({ exitCode: 0 });
});

const WHO = { OPENAI_ORG_ID: 'org-plain', OPENAI_PROJECT_ID: 'proj-plain' };
const OWN = { OAI_UPLOAD_ORGANIZATION: 'org-own', OAI_UPLOAD_PROJECT: 'proj-own' };
const FLAGS = ['--organization', 'org-flag', '--project', 'proj-flag'];

it.each([
  { from: 'nowhere', flags: [], env: {}, organization: undefined, project: undefined },
  { from: 'OPENAI variables', flags: [], env: WHO, organization: 'org-plain', project: 'proj-plain' },
  { from: 'OAI_UPLOAD variables', flags: [], env: { ...WHO, ...OWN }, organization: 'org-own', project: 'proj-own' },
  { from: 'flags', flags: FLAGS, env: { ...WHO, ...OWN }, organization: 'org-flag', project: 'proj-flag' },
])('names the organization and the project from $from', async ({ flags, env, organization, project }) => {
  const box = await sandbox();
  const recorder = await recordingServer();
  await randomFile(box.path('f'), 10);
  const args = ['push', 'f', '--purpose', 'user_data', '--expires-after', '1h', '--mime-type', 'text/x-own', ...flags];
  const { exitCode } = await box.run(args, { env: { ...env, OPENAI_BASE_URL: recorder.url, OPENAI_API_KEY: KEY } });
  expect(exitCode).toBe(4);
  const [{ headers, body } = { headers: {}, body: {} }] = recorder.requests;
  expect(recorder.requests).toHaveLength(1);
  expect(headers['authorization']).toBe(`Bearer ${KEY}`);
  expect(headers['openai-organization']).toBe(organization);
  expect(headers['openai-project']).toBe(project);
  expect(body).toEqual({
    filename: 'f',
    purpose: 'user_data',
    bytes: 10,
    mime_type: 'text/x-own',
    expires_after: { anchor: 'created_at', seconds: 3600 },
  });
});

it.each([
  { from: '--base-url', at: 'flag' },
  { from: 'OAI_UPLOAD_BASE_URL', at: 'own' },
  { from: 'OPENAI_BASE_URL', at: 'plain' },
])('takes the base URL from $from before what comes after it', async ({ at }) => {
  const box = await sandbox();
  const server = await testServer();
  await randomFile(box.path('f'), 10);
  const env = {
    ...server.env,
    ...(at !== 'plain' && { OPENAI_BASE_URL: NOWHERE, OAI_UPLOAD_BASE_URL: at === 'own' ? server.url : NOWHERE }),
  };
  const flags = at === 'flag' ? ['--base-url', `${server.url}/`] : [];
  const { exitCode, stderr } = await box.run(['push', 'f', '--purpose', 'user_data', '--retries', '0', ...flags], {
    env,
  });
  expect(exitCode, stderr).toBe(0);
  expect(stderr.split('\n')[0]).toContain(new URL(server.url).host);
});

/** Refuses everything, and keeps what it was asked. */
async function recordingServer() {
  const requests: { readonly headers: IncomingHttpHeaders; readonly body: Json }[] = [];
  const server = createServer(async (request, response) => {
    requests.push({ headers: request.headers, body: (await json(request)) as Json });
    response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"No."}}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
}
