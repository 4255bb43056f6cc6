import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { interruptedBy } from '../../../src/core/errors/errors.ts';
import { openLine, sealLine } from '../../../src/io/state/checksummed-line.ts';
import type { Json, Sandbox } from '../../support/cli.ts';
import { type InsideOptions, type InsideResult, runInside } from '../../support/inside.ts';
import type { TestServer } from '../../support/server.ts';

export const PURPOSE = 'assistants';

/** `push` of one file, with all that a test reads. */
export const pushArgs = (path: string, partSize: number | string, concurrency = 1, more: readonly string[] = []) =>
  ['push', path, '--purpose', PURPOSE, '--part-size', String(partSize), '--concurrency', String(concurrency)].concat(
    ['--json', '--progress=json'],
    more,
  );

/** Runs a command in this process, in a sandbox, against a server. */
export const inside = (
  box: Sandbox,
  server: Pick<TestServer, 'env'>,
  args: readonly string[],
  options: Omit<InsideOptions, 'env'> = {},
): Promise<InsideResult> => runInside(args, { ...options, env: { ...box.env, ...server.env } });

/** Runs it until the `nth` event of a type, and interrupts it there. */
export async function interruptedAt(
  box: Sandbox,
  server: Pick<TestServer, 'env'>,
  args: readonly string[],
  type: string,
  nth = 1,
): Promise<InsideResult> {
  const controller = new AbortController();
  let seen = 0;
  const onEvent = (event: Json): void => {
    if (event['type'] === type && ++seen === nth) controller.abort(interruptedBy('SIGINT'));
  };
  return inside(box, server, args, { signal: controller.signal, onEvent });
}

/** The one result of a run. */
export const resultOf = (run: InsideResult): Json => {
  const [result, ...more] = run.results();
  if (!result || more.length > 0) throw new Error(`${run.results().length} results\n${run.stderr}`);
  return result;
};

/** Calls `act` at the `nth` event of a type. */
export const atEvent = (type: string, nth: number, act: () => void): ((event: Json) => void) => {
  let seen = 0;
  return event => {
    if (event['type'] === type && ++seen === nth) act();
  };
};

/** Why a run started over, each time it did. */
export const restartsOf = (run: Pick<InsideResult, 'events'>): readonly string[] =>
  run.events().flatMap(event => (event['type'] === 'upload.restarted' ? [event['because'] as string] : []));

/** There is one File at the server, and it has these bytes. Returns its id. */
export async function expectOneFile(server: TestServer, md5: string): Promise<string> {
  await server.restart();
  const files = await server.files();
  expect(files).toHaveLength(1);
  const id = files[0]?.['id'] as string;
  expect(await server.md5(id)).toBe(md5);
  return id;
}

/** Seals a journal's first record anew after a change. */
export async function rewriteHeader(journal: string, change: (header: Json) => object): Promise<void> {
  const [first = '', ...rest] = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, sealLine(change(openLine(first) as Json)) + rest.join('\n'));
}

/** Takes the last record away from a journal. */
export async function dropLastRecord(journal: string): Promise<void> {
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, `${lines.slice(0, -2).join('\n')}\n`);
}
