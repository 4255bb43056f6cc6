import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-table.ts';
import { globalOptions } from '../../src/cli/options/global-options.ts';
import { longFlag, variableOf } from '../../src/cli/options/option.ts';
import { runCli } from '../support/cli.ts';

const help = async (args: readonly string[], columns = '80'): Promise<string> => {
  const { exitCode, stdout, stderr } = await runCli(args, { env: { COLUMNS: columns } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
};

describe.each(Object.entries(commands))('help %s', (name, { options, exits }) => {
  it('is that of --help, with every flag, its variable, three examples and its exit codes', async () => {
    const text = await help([name, '--help']);
    expect(await help(['help', name])).toBe(text);
    expect(text).toMatch(new RegExp(`^Usage: oai-upload ${name} \\S`));
    const words = text.replaceAll(/\s+/g, ' ');
    for (const option of Object.values({ ...options, ...globalOptions })) {
      expect(words).toContain(longFlag(option));
      expect(words).toContain(variableOf(option));
    }
    const [, examples = '', codes = ''] = /\nExamples:\n(.*)\n\nExit codes:\n(.*)/s.exec(text) ?? [];
    expect(examples.match(/^ {2}# /gm)).toHaveLength(3);
    expect(codes.match(/^ {2}\d+/gm)).toHaveLength(3 + exits.length);
  });

  it.each(['40', '80'])('fits %s columns, without a colour', async columns => {
    const text = await help([name, '--help'], columns);
    expect(text.split('\n').filter(line => line.length > Number(columns))).toEqual([]);
    expect(text).not.toContain('\u001b');
  });
});

it('names the commands first where no command is named', async () => {
  const text = await help(['--help'], '40');
  expect(text.indexOf('\nCommands:\n')).toBeLessThan(text.indexOf(' options:\n'));
  for (const name of Object.keys(commands)) expect(text).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  expect(text.split('\n').filter(line => line.length > 40)).toEqual([]);
});

it('groups the flags', async () => {
  const headings = [...(await help(['push', '--help'])).matchAll(/^(\w.*):$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([
    'Arguments',
    'File options',
    'Folder options',
    'Fleet options',
    'Resume options',
    'Transfer options',
    'Split options',
    'Check options',
    'Result options',
    'Local server options',
    'Output options',
    'Server and key options',
    'General options',
    'Aliases',
    'Examples',
    'Exit codes',
  ]);
});
