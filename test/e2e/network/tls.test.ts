import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type CliOptions, sandbox } from '../../support/cli.ts';
import { randomFile } from '../../support/files.ts';
import { KEY, type TestServer, testServer } from '../../support/server.ts';
import { type CertificateName, type FrontOptions, tlsFront, tlsPath } from '../../support/tls.ts';

const CA = tlsPath('ca.crt');
const TRUST = ['--ca-file', CA];
const CLIENT = ['--client-cert', tlsPath('client.crt'), '--client-key', tlsPath('client.key')];

/** The embedded server behind TLS, and a run that pushes a few bytes to it. */
async function secured(front: FrontOptions = {}) {
  const [box, server] = [await sandbox(), await testServer()];
  const { port } = await tlsFront(server.port, front);
  await randomFile(box.path('f'), 10);
  const push = (flags: readonly string[], env: CliOptions['env'] = {}) =>
    box.run(['push', 'f', '--purpose', 'user_data', '--json', '--retries', '3', ...flags], {
      env: { OPENAI_BASE_URL: `https://localhost:${port}/v1`, OPENAI_API_KEY: KEY, ...env },
    });
  return { box, server, port, push };
}

const asked = ({ logs }: TestServer): number => logs.length;

it.each([
  { from: '--ca-file', flags: TRUST, env: {} },
  { from: 'OAI_UPLOAD_CA_FILE', flags: [], env: { OAI_UPLOAD_CA_FILE: CA } },
  { from: 'NODE_EXTRA_CA_CERTS', flags: [], env: { NODE_EXTRA_CA_CERTS: CA } },
  {
    from: 'NODE_EXTRA_CA_CERTS beside --ca-file',
    flags: ['--ca-file', tlsPath('client-ca.crt')],
    env: { NODE_EXTRA_CA_CERTS: CA },
  },
])('trusts a private authority named by $from', async ({ flags, env }) => {
  const { push } = await secured();
  const { exitCode, stderr } = await push(flags, env);
  expect(exitCode, stderr).toBe(0);
});

it.each<{ certificate: CertificateName; flags: readonly string[]; sentence: string; hint: string }>([
  {
    certificate: 'server',
    flags: [],
    sentence: 'is from an authority that is not known here: issuer "oai-upload test authority, oai-upload tests"',
    hint: '--ca-file',
  },
  {
    certificate: 'self-signed',
    flags: TRUST,
    sentence: 'is self-signed, by "self.test, oai-upload tests"',
    hint: '--ca-file',
  },
  { certificate: 'expired', flags: TRUST, sentence: 'expired on 2021-01-01', hint: 'clock' },
  { certificate: 'future', flags: TRUST, sentence: 'is not valid before 2110-01-01', hint: 'clock' },
  {
    certificate: 'other-host',
    flags: TRUST,
    sentence: 'is for another host: it is valid for other.test, *.others.test, not for localhost',
    hint: '',
  },
])('says what is wrong with a certificate: $certificate', async ({ certificate, flags, sentence, hint }) => {
  const { push, server } = await secured({ certificate });
  const { exitCode, stderr, results } = await push(flags);
  expect(exitCode).toBe(5);
  expect(stderr).toContain(`creating the upload: the server's certificate ${sentence}`);
  expect(stderr).toContain(hint);
  expect(results()).toMatchObject([{ retries: 0, error: { code: 'UNAVAILABLE', reason: 'tls' } }]);
  expect(asked(server)).toBe(0);
});

it('verifies whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
  const { push, server } = await secured();
  const { exitCode, results } = await push([], { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  expect(exitCode).toBe(5);
  expect(results()).toMatchObject([{ error: { reason: 'tls' } }]);
  expect(asked(server)).toBe(0);
});

it('shows a client certificate where it has one, and hints at it where it has none', async () => {
  const { push, server, box } = await secured({ asksForClient: true });
  const without = await push([...TRUST, '--retries', '0']);
  expect(without.exitCode).toBe(5);
  expect(without.stderr).toContain('--client-cert');
  expect(asked(server)).toBe(0);
  expect(await push([...TRUST, ...CLIENT])).toMatchObject({ exitCode: 0 });

  const [cert, key] = await Promise.all(['client.crt', 'client.key'].map(name => readFile(tlsPath(name), 'utf8')));
  const both = await box.write('both.pem', `${key}\n${cert}`);
  expect(await push([...TRUST, '--client-cert', both])).toMatchObject({ exitCode: 0 });
});

it.each([
  { mistake: 'no such CA file', flags: ['--ca-file', 'nowhere.pem'], said: '--ca-file nowhere.pem cannot be read' },
  { mistake: 'no certificate in it', flags: ['--ca-file', 'f'], said: '--ca-file f holds no certificate in PEM form' },
  { mistake: 'no such certificate', flags: ['--client-cert', 'nowhere.pem'], said: '--client-cert nowhere.pem cannot' },
  { mistake: 'no key for it', flags: ['--client-cert', CA], said: 'holds no private key in PEM form' },
  {
    mistake: 'no such key',
    flags: ['--client-cert', CA, '--client-key', 'nowhere'],
    said: '--client-key nowhere cannot',
  },
  { mistake: 'a key alone', flags: ['--client-key', tlsPath('client.key')], said: '--client-key needs --client-cert' },
  {
    mistake: "another's key",
    flags: ['--client-cert', CA, '--client-key', tlsPath('client.key')],
    said: 'cannot be used',
  },
])('is a mistake of usage: $mistake', async ({ flags, said }) => {
  const { push, server } = await secured();
  const { exitCode, stderr, results } = await push(flags);
  expect(exitCode).toBe(2);
  expect(results()).toMatchObject([{ status: 'failed', file_id: null, error: { code: 'USAGE', reason: 'usage' } }]);
  expect(stderr).toContain(said);
  expect(asked(server)).toBe(0);
});

it('says so where the server does not speak TLS', async () => {
  const { box, server } = await secured();
  const { exitCode, stderr } = await box.run(['push', 'f', '--purpose', 'user_data'], {
    env: { ...server.env, OPENAI_BASE_URL: `https://localhost:${server.port}/v1` },
  });
  expect(exitCode).toBe(5);
  expect(stderr).toContain('the server does not speak TLS on this port');
});
