import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type CliOptions, type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import { KEY, testServer } from '../support/server.ts';

const placeOf = (box: Sandbox): string => join(box.env['XDG_CONFIG_HOME'] as string, 'oai-upload/config.json');

/** A home whose config file holds this. */
async function configured(config: unknown): Promise<Sandbox & { readonly config: string }> {
  const box = await sandbox();
  const path = placeOf(box);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof config === 'string' ? config : JSON.stringify(config));
  await randomFile(box.path('f'), 200 * KiB);
  return { ...box, config: path };
}

const plan = async (box: Sandbox, args: readonly string[] = [], options?: CliOptions) => {
  const { exitCode, results, stderr } = await box.run(['push', 'f', '--dry-run', ...args], options);
  expect(exitCode, stderr).toBe(0);
  return results()[0];
};

it('takes the values of a push from the config file', async () => {
  const box = await configured({ purpose: 'user_data', 'part-size': '64KiB', json: true, quiet: true, port: 8080 });
  expect(await plan(box)).toMatchObject({ status: 'planned', purpose: 'user_data', part_size: 64 * KiB });
});

it('is heard after the flag, the own variable and the common one', async () => {
  const config = {
    purpose: 'user_data',
    json: true,
    'part-size': '1KiB',
    profiles: { large: { 'part-size': '2KiB' } },
  };
  const box = await configured(config);
  const env = { OAI_UPLOAD_PART_SIZE: '4KiB' };
  expect(await plan(box)).toMatchObject({ part_size: 1 * KiB });
  expect(await plan(box, ['--profile', 'large'])).toMatchObject({ part_size: 2 * KiB });
  expect(await plan(box, [], { env: { OAI_UPLOAD_PROFILE: 'large' } })).toMatchObject({ part_size: 2 * KiB });
  expect(await plan(box, ['--profile', 'large'], { env })).toMatchObject({ part_size: 4 * KiB });
  expect(await plan(box, ['--profile', 'large', '--part-size', '8KiB'], { env })).toMatchObject({
    part_size: 8 * KiB,
  });
});

it('is heard after OPENAI_BASE_URL and OPENAI_API_KEY', async () => {
  const server = await testServer();
  const box = await configured({
    'base-url': 'http://127.0.0.1:1/v1',
    'api-key-file': 'nowhere',
    retries: 0,
    purpose: 'user_data',
  });
  const { exitCode, stderr } = await box.run(['push', 'f'], { env: server.env });
  expect(exitCode, stderr).toBe(0);
  // Another key than the one that the file names is not sent unawares.
  expect(stderr).toMatch(
    /^uploading to .* with the key of OPENAI_API_KEY, which comes before .*api-key-file .*nowhere\n/,
  );
});

it.each(['0', 'false', ''])('has a switch turned off by a variable that is "%s"', async off => {
  const box = await configured({ purpose: 'user_data', json: true });
  const env = { OAI_UPLOAD_JSON: off };
  const { exitCode, stdout } = await box.run(['push', 'f', '--dry-run'], { env });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
});

it('finds the key in the file or the variable that it names', async () => {
  const server = await testServer({ key: KEY });
  const config = {
    'base-url': server.url,
    purpose: 'user_data',
    'api-key-file': 'keys/openai',
    profiles: { work: { 'api-key-variable': 'WORK_KEY' } },
  };
  const box = await configured(config);
  await mkdir(join(dirname(box.config), 'keys'));
  await writeFile(join(dirname(box.config), 'keys/openai'), `${KEY}\n`);
  expect(await box.run(['push', 'f'])).toMatchObject({ exitCode: 0 });
  const work = ['push', 'f', '--profile', 'work'];
  expect(await box.run(work, { env: { WORK_KEY: KEY } })).toMatchObject({ exitCode: 0 });
  const { exitCode, stderr } = await box.run(work);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('no key: WORK_KEY is not set');
});

it('never prints a key that it holds', async () => {
  const box = await configured({ purpose: 'user_data', profiles: { work: { 'api-key': KEY } } });
  const { exitCode, stdout, stderr } = await box.run(['list']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`${box.config}: profiles.work.api-key holds an API key`);
  expect(stderr).toContain('api-key-file');
  expect(stderr).not.toContain(KEY);
});

it.each([
  ['{\n  "retries": 1,\n  retries: 2\n}', ':3:3: expected a name in double quotes, found "r"'],
  ['{"retries": 1', ':1:14: the file ends inside an object'],
  ['', ':1:1: the file ends without a value'],
  ['{"concurency": 1}', ': concurency is no setting\nhint: did you mean concurrency?'],
  ['{"progress": "plian"}', ': progress takes one of auto, bar, plain, json, none, not "plian"\nhint: did you mean'],
  ['[]', ' takes an object like {"concurrency": 4}, not array'],
])('refuses %j by file and place', async (config, says) => {
  const box = await configured(config);
  const { exitCode, stdout, stderr } = await box.run(['push', 'f', '--purpose', 'user_data', '--dry-run']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`${box.config}${says}`);
});

it('refuses a profile that is not there', async () => {
  const box = await configured({ profiles: { work: {} } });
  const { exitCode, stderr } = await box.run(['list', '--profile', 'wrok']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`${box.config} has no profile "wrok"\nhint: did you mean work?`);

  const empty = await sandbox();
  const nowhere = await empty.run(['list', '--profile', 'work']);
  expect(nowhere.exitCode).toBe(2);
  expect(nowhere.stderr).toContain(`there is no profile "work", since there is no ${placeOf(empty)}`);
});

it('refuses a config file that cannot be read', async () => {
  const box = await sandbox();
  await mkdir(placeOf(box), { recursive: true });
  const { exitCode, stderr } = await box.run(['list']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/the config file .*config\.json cannot be read: it is not a regular file/);
});

it('looks below HOME where XDG_CONFIG_HOME is not set', async () => {
  const box = await configured({ progress: 'plian' });
  const { exitCode, stderr } = await box.run(['list'], { env: { XDG_CONFIG_HOME: '' } });
  if (process.platform !== 'linux') return;
  expect(exitCode).toBe(2);
  expect(stderr).toContain(box.config);
});

it('suggests the value that was meant', async () => {
  const box = await sandbox();
  const progress = await box.run(['list', '--progress=plian']);
  expect(progress).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('hint: did you mean plain?') });
  await box.write('f', '{}\n');
  const purpose = await box.run(['push', 'f', '--purpose', 'fine-tun', '--dry-run']);
  expect(purpose).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('did you mean fine-tune?') });
});
