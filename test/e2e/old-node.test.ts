import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';

it.each([
  '12.22.12',
  '18.20.8',
  '20.14.0',
  '21.7.3',
  '22.1.0',
])('tells Node %s in one sentence what it needs', async version => {
  const run = await (await sandbox()).run(['--version'], pretending(version));
  expect(run).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: `oai-upload needs Node 20.15 or newer (22.2 or newer on the 22 line); this is Node ${version}.\n`,
  });
});

it.each(['20.15.0', '22.2.0', '23.0.0', '24.1.0', '26.0.0'])('works on Node %s', async version => {
  expect(await (await sandbox()).run(['--version'], pretending(version))).toMatchObject({ exitCode: 0, stderr: '' });
});

const pretending = (node: string) => {
  const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`;
  return { nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(versions)}`] };
};
