import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliResult, type Json, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { type Block, blocksOf } from '../support/markdown.ts';
import { ROOT } from '../support/packed.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { commandOnPath } from '../support/shell.ts';

const BLOCKS = blocksOf(readFileSync(join(ROOT, 'docs/fleets.md'), 'utf8'));

/** The text of the one recipe in docs/fleets.md that holds these words. */
export function recipe(words: string): string {
  const found = BLOCKS.filter(({ text }: Block) => text.includes(words));
  expect(found, words).toHaveLength(1);
  return found[0]?.text ?? '';
}

/** What a list of files may hold: spaces, quotes, what a shell would run, what looks like a flag, no ASCII. */
export const ODD_NAMES = ['a b.txt', "it's.txt", 'x$(touch pwned).txt', '-n', '--json', 'größe.txt', 'plain.txt'];

/** A folder with files, the list of them as a line each, and a server. */
export type Fleet = {
  readonly box: Sandbox;
  readonly server: TestServer;
  /** Runs a script there, by `sh -c` unless told. `oai-upload` in it is the built command. */
  run(script: string, env?: Readonly<Record<string, string>>, shell?: readonly string[]): Promise<CliResult>;
  /** The names of the Files at the server, sorted. */
  uploaded(): Promise<readonly string[]>;
};

export async function fleet(names: readonly string[]): Promise<Fleet> {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  for (const name of names) await box.write(name, `the text of ${name}\n`);
  await box.write('list.txt', names.map(name => `${name}\n`).join(''));
  const env = { ...box.env, ...server.env, ...(await commandOnPath(box)) };
  return {
    box,
    server,
    run: (script, more = {}, [program = '', ...flags] = ['sh', '-c']) =>
      startProcess(program, [...flags, script], { cwd: box.work, env: { ...env, ...more } }).ended,
    uploaded: async () => (await server.files()).map((file: Json) => String(file['filename'])).sort(),
  };
}

/** As `uploaded` gives them. */
export const sorted = (names: readonly string[]): readonly string[] => [...names].sort();
