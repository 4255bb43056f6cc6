import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { randomFile } from '../support/files.ts';
import { saveUpload } from '../support/saved.ts';
import { canType, commandIn, isInstalled, typeInto } from '../support/typing.ts';

/** A home with a profile, a saved upload, and files whose names shells must quote. */
async function scene(): Promise<Sandbox> {
  const box = await sandbox();
  await box.write('data file.jsonl', '{}\n');
  await box.write('cert.pem', '');
  await box.write('stated', '');
  await mkdir(box.path('state folder'));
  const file = await randomFile(box.path("it's saved.bin"), 10);
  await saveUpload(box.stateDir, { file, baseUrl: 'http://127.0.0.1:1/v1', partSize: 5, uploadId: 'upload_abc' });
  const config = join(box.env['XDG_CONFIG_HOME'] as string, 'oai-upload/config.json');
  await mkdir(dirname(config), { recursive: true });
  await writeFile(config, JSON.stringify({ profiles: { work: {}, home: {} } }));
  return box;
}

const rows: readonly (readonly [keys: string, args: readonly string[]])[] = [
  ['pus\t', ['push']],
  ['push --purp\tfine\tdat\t', ['push', '--purpose', 'fine-tune', 'data file.jsonl']],
  ['push --purpose=ba\t', ['push', '--purpose=batch']],
  ['push --concurrency=\t', ['push', '--concurrency=auto']],
  ['push --progress pl\t--concurrency a\t', ['push', '--progress', 'plain', '--concurrency', 'auto']],
  ['--profile wo\tli\t', ['--profile', 'work', 'list']],
  ['push --ca-file ce\t', ['push', '--ca-file', 'cert.pem']],
  ['push --ca-file=ce\t', ['push', '--ca-file=cert.pem']],
  ['list --state-dir stat\t', ['list', '--state-dir', 'state folder']],
  ['resume it\t', ['resume', "it's saved.bin"]],
  ['show upload_\t', ['show', 'upload_abc']],
  ['cancel --retries 3 upload_\t', ['cancel', '--retries', '3', 'upload_abc']],
  ['check dat\t--pu\tev\t', ['check', 'data file.jsonl', '--purpose', 'evals']],
  ['verify dat\tcer\t', ['verify', 'data file.jsonl', 'cer']],
  ['list cer\t', ['list', 'cer']],
  ['completion fi\t', ['completion', 'fish']],
  ['help ser\t', ['help', 'serve']],
];

/** zsh takes the slash of a folder off again. */
const withoutSlash = (args: readonly string[]): readonly string[] => args.map(arg => arg.replace(/\/$/, ''));

const bash = { shell: 'bash --norc --noprofile -i', setup: ['source <(oai-upload completion bash)'] };
const zsh = { shell: 'zsh -f -i', setup: ['source <(oai-upload completion zsh)'] };
describe.each([
  {
    name: 'bash',
    ...bash,
    lists: /--client-cert\b/,
    // Some have = taken for a part of a word.
    installed: ["COMP_WORDBREAKS=$' \\t\\n'", ...bash.setup],
  },
  {
    name: 'zsh',
    ...zsh,
    lists: /client certificate, in PEM form/,
    installed: [
      'oai-upload completion zsh > "$HOME/_oai-upload"',
      'fpath=("$HOME" $fpath)',
      'autoload -Uz compinit && compinit -u -D',
    ],
  },
])('$name', ({ name, shell, setup, installed, lists }) => {
  it.skipIf(!canType() || !isInstalled(name))('completes what is typed', async () => {
    const { run, type } = await typeInto(shell, setup, await scene());
    for (const [keys, args] of rows) expect(withoutSlash(await run(`oai-upload ${keys}`)), keys).toEqual(args);
    expect(await type('oai-upload push --cl\t\t\t', lists)).toContain('--client-key');
  });

  it.skipIf(!canType() || !isInstalled(name))('completes after an = too, and as it is installed', async () => {
    const { run } = await typeInto(shell, installed, await scene());
    for (const [keys, args] of rows.slice(0, 4)) expect(await run(`oai-upload ${keys}`), keys).toEqual(args);
  });

  it.skipIf(!canType() || !isInstalled(name))('is silent where the command is not there', async () => {
    const { type } = await typeInto(shell, [...setup, 'PATH=/nowhere'], await scene());
    const shown = await type('oai-upload pus\tX', /pusX/);
    expect(shown).not.toMatch(/not found|error/i);
  });
});

it.skipIf(!isInstalled('bash'))('bash takes its script twice, and under set -u', async () => {
  const box = await sandbox();
  const script = 'set -eu; s=$(oai-upload completion bash); eval "$s"; eval "$s"; complete -p oai-upload';
  const { stdout, stderr } = await startProcess('bash', ['-c', script], { cwd: box.work, env: await commandIn(box) })
    .ended;
  expect({ stdout, stderr }).toEqual({ stdout: 'complete -o default -F _oai_upload oai-upload\n', stderr: '' });
});

describe('fish', () => {
  it.skipIf(!isInstalled('fish'))('completes what is typed', async () => {
    const box = await scene();
    const offered = async (line: string): Promise<readonly string[]> => {
      const script = 'oai-upload completion fish | source; complete -C $argv[1]';
      const args = ['--no-config', '-c', script, '--', line];
      const { stdout, stderr } = await startProcess('fish', args, { cwd: box.work, env: await commandIn(box) }).ended;
      expect(stderr).toBe('');
      return stdout.split('\n').slice(0, -1);
    };
    expect(await offered('oai-upload pus')).toEqual([expect.stringMatching(/^push\tupload files/)]);
    for (const [keys, args] of rows) {
      const typed = keys.split('\t');
      if (typed.length !== 2) continue;
      const words = (await offered(`oai-upload ${typed[0]}`)).map(one => one.split('\t')[0] ?? '');
      const isLeftAlone = typed[0]?.endsWith(args.at(-1) ?? '');
      expect(withoutSlash(words), keys).toEqual(isLeftAlone ? [] : [args.at(-1)]);
    }
    expect(await offered('oai-upload push --cl')).toEqual([
      '--client-cert\tclient certificate, in PEM form',
      '--client-key\tits key, in PEM form',
    ]);
  });
});

it('prints a script for PowerShell that asks the command', async () => {
  const box = await sandbox();
  const { exitCode, stdout, stderr } = await box.run(['completion', 'pwsh']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName oai-upload');
  expect(stdout).toContain('oai-upload __complete $before.Count @before $wordToComplete');
  for (const [open, close] of ['{}', '()', '[]']) {
    const count = (mark = ''): number => stdout.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, '').split(mark).length;
    expect(count(open)).toBe(count(close));
  }
});

it('needs neither key nor a sound config file, and knows four shells', async () => {
  const box = await scene();
  await writeFile(join(box.env['XDG_CONFIG_HOME'] as string, 'oai-upload/config.json'), '{');
  expect(await box.run(['completion', 'bash'])).toMatchObject({ exitCode: 0, stderr: '' });
  const unknown = await box.run(['completion', 'fsh']);
  expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  expect(unknown.stderr).toContain('completion takes one of bash, zsh, fish, pwsh, not "fsh"\nhint: did you mean');
  expect(await box.run(['completion'])).toMatchObject({ exitCode: 2, stdout: '' });
});

it.each([
  { asked: [] },
  { asked: ['x'] },
  { asked: ['-1', 'push'] },
  { asked: ['9', 'push', '--purpose'] },
  { asked: ['2', '--state-dir', '/dev/null', 'resume'] },
  { asked: ['3', '--state-dir', '/dev/null', 'resume'] },
  { asked: ['1', '--profile'] },
])('answers $asked, whatever is broken, without an error', async ({ asked }) => {
  const box = await scene();
  await writeFile(join(box.env['XDG_CONFIG_HOME'] as string, 'oai-upload/config.json'), '{');
  const { exitCode, stdout, stderr } = await box.run(['__complete', ...asked]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/(^|\n):(nothing|files|folders|saved)\n$/);
});
