import { Readable } from 'node:stream';
import { runProgram } from '../../src/cli/program.ts';
import { openStreams } from '../../src/commands/context/output-streams.ts';
import { refuse, runCommand } from '../../src/commands/run-command.ts';
import { type Json, jsonLines, withLines } from './cli.ts';

/** The whole command in this process: for runs that need no process of their own, and hooks that must not be late. */
export type InsideOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Empty unless told. */
  readonly stdin?: string | Uint8Array;
  /** Told of each event (`--progress=json`) before the run goes on. */
  readonly onEvent?: (event: Json) => void;
};

export type InsideResult = {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  results(): readonly Json[];
  events(): readonly Json[];
};

/** Runs one command line to its end. Paths must be absolute: the working folder is the tests'. */
export async function runInside(args: readonly string[], options: InsideOptions): Promise<InsideResult> {
  const { onEvent = () => {} } = options;
  const stdout = textStream(() => {});
  const stderr = textStream(text => {
    if (args.includes('--progress=json')) for (const event of jsonLines(text)) onEvent(event);
  });
  const world = {
    env: options.env,
    ...openStreams({ stdout: stdout.stream, stderr: stderr.stream, env: options.env } as unknown as NodeJS.Process),
    stdin: () => Readable.from([Buffer.from(options.stdin ?? '')]) as unknown as NodeJS.ReadStream,
    signal: options.signal ?? new AbortController().signal,
    version: '0.0.0-test',
  };
  const streams = {
    out: (text: string) => void world.stdout.write(text),
    columns: () => undefined,
    err: (text: string) => void world.stderr.write(text),
  };
  const exitCode = await runProgram(
    args,
    world.version,
    {
      act: (name, files, raw) => runCommand(name, files, raw, world),
      refuse: error => refuse(error, args, world),
    },
    streams,
  );
  return withLines({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
}

function textStream(onText: (text: string) => void) {
  let whole = '';
  const stream = {
    isTTY: false,
    on: () => stream,
    write: (text: string, written?: () => void): boolean => {
      whole += text;
      onText(text);
      written?.();
      return true;
    },
  };
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => whole };
}
