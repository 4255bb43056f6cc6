import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { CommandSpec } from '../../src/cli/command-spec.ts';
import { commands } from '../../src/cli/command-table.ts';
import { globalOptions } from '../../src/cli/options/global-options.ts';
import { longFlag } from '../../src/cli/options/option.ts';
import { sandbox, startProcess } from '../support/cli.ts';
import { isInstalled } from '../support/typing.ts';

/** As the build left it. */
const PAGE = fileURLToPath(new URL('../../man/oai-upload.1', import.meta.url));

const typeset = async (program: string, ...args: readonly string[]) => {
  const box = await sandbox();
  return startProcess(program, [...args, PAGE], { cwd: box.work, env: { ...box.env, MANWIDTH: '80' } }).ended;
};

it('tells of every command, flag, example and exit code', async () => {
  const page = (await readFile(PAGE, 'utf8'))
    .replaceAll(/\\f[BIR]/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\(aq', "'");
  for (const [name, spec] of Object.entries<CommandSpec>(commands)) {
    expect(page).toContain(`oai-upload ${name} ${spec.synopsis}`);
    for (const option of Object.values({ ...spec.options, ...globalOptions })) expect(page).toContain(longFlag(option));
    for (const [, line] of spec.examples) expect(page).toContain(line);
  }
  for (const heading of ['CONFIGURATION', 'ENVIRONMENT', 'FILES', 'EXIT STATUS'])
    expect(page).toContain(`\n.SH ${heading}\n`);
});

it.skipIf(!isInstalled('mandoc'))('has nothing that mandoc warns of', async () => {
  const { stdout, stderr } = await typeset('mandoc', '-T', 'lint', '-W', 'warning');
  expect(stdout + stderr).toBe('');
});

it.skipIf(!isInstalled('man'))('has nothing that groff warns of', async () => {
  const { stdout, stderr } = await typeset('man', '--warnings', '-l');
  expect(stderr).toBe('');
  expect(stdout).toContain('OAI-UPLOAD(1)');
});
