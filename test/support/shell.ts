import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BIN, type CliResult, type Sandbox, startProcess } from './cli.ts';

/** Runs a script of the real shell in which `oai-upload` is the built command. */
export async function shell(
  script: string,
  box: Sandbox,
  { env: more, onStderr }: { readonly env: Readonly<Record<string, string>>; onStderr?(text: string): void },
): Promise<CliResult> {
  const env = { ...box.env, ...more, ...(await commandOnPath(box)) };
  return startProcess('sh', ['-c', script], { cwd: box.work, env, ...(onStderr && { onStderr }) }).ended;
}

/** An environment in which `oai-upload` is the built command. */
export async function commandOnPath(box: Sandbox): Promise<Readonly<Record<string, string>>> {
  const bin = join(box.dir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'oai-upload'), '#!/bin/sh\nexec "$NODE" "$BIN" "$@"\n', { mode: 0o755 });
  return { PATH: `${bin}:${box.env['PATH']}`, NODE: process.execPath, BIN };
}
