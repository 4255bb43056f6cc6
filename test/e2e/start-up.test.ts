import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from '../support/cli.ts';

/** Which of Node's own modules a command loads. */
async function loadedBy(box: Sandbox, args: readonly string[]): Promise<readonly string[]> {
  const nodeArgs = ['--require', join(import.meta.dirname, '../support/loaded-builtins.cjs')];
  const { exitCode, stderr } = await box.run(args, { nodeArgs });
  expect(exitCode, stderr).toBe(0);
  return stderr.trimEnd().split('\n').at(-1)?.split(' ') ?? [];
}

const TLS = ['tls', 'https'];
const HEAVY = [...TLS, 'http', 'http2', 'crypto', 'zlib', 'child_process', 'worker_threads'];

it.each([
  [['--version'], [...HEAVY, 'stream', 'net']],
  [['--help'], HEAVY],
  [['list'], HEAVY],
  [['completion', 'bash'], HEAVY],
  [
    ['push', 'f', '--purpose', 'assistants', '--local'],
    [...TLS, 'http2', 'worker_threads'],
  ],
])('14.6: %j loads no module of Node that it does not use', async (args, unused) => {
  const box = await sandbox();
  await writeFile(box.path('f'), 'x');
  const loaded = await loadedBy(box, args);
  expect(loaded).toContain('fs');
  expect(unused.filter(name => loaded.includes(name))).toEqual([]);
});
