import { setMaxListeners } from 'node:events';
import { type CommandName, commandNamed } from '../cli/command-table.ts';
import { recognisedFlags } from '../cli/completion/words.ts';
import { type Flags, noSettings, type RawOptions, type Settings } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { helpHint } from '../cli/usage-errors.ts';
import { asUploadError, type UploadError, withHint } from '../core/errors/errors.ts';
import { unwritable } from '../report/output/streams.ts';
import { readConfig } from './context/config.ts';
import { abortedBy, endInTime, type Interrupts, leave } from './context/interrupts.ts';
import { openStreams } from './context/output-streams.ts';
import { isJson, tellFailure, tellFailureInRows } from './context/tell-failure.ts';

/** The process that a command runs in. */
export type CommandProcess = {
  readonly process: NodeJS.Process;
  readonly interrupts: Interrupts;
  readonly version: string;
};

/** Runs one command of the process to its exit code. */
export const act = async (
  name: CommandName,
  args: readonly string[],
  flags: Flags,
  { process, interrupts, version }: CommandProcess,
): Promise<number> => {
  const { env } = process;
  const { faultOfStdout, ...streams } = openStreams(process);
  const tell = (error: UploadError): number =>
    tellFailure(error, isJson({ flags, settings: noSettings }, env), streams);
  process.on('uncaughtException', error => endByBug(asUploadError(error), tell, process));
  const inTime = servesUntilInterrupted(name) ? interrupts : endInTime(interrupts, tell, process);
  const signal = abortedBy(inTime, process);
  // Every request of the run listens to this one signal.
  setMaxListeners(0, signal);
  const stdin = () => process.stdin;
  const world = { env, ...streams, stdin, signal, version };
  return (await runCommand(name, args, flags, world)) || unlessLost(faultOfStdout(), world);
};

/** An error that nothing caught: what it left undone is unknown, so the process ends now. The journal stays resumable. */
const endByBug = (error: UploadError, tell: (error: UploadError) => number, { stderr, exit }: NodeJS.Process): void => {
  const exitCode = tell(error);
  stderr.write('', () => exit(exitCode));
};

/** An interrupt is how this command ends well. */
const servesUntilInterrupted = (name: CommandName): boolean => name === 'serve';

/** A command that did well, but whose output met a full disk, did not do well. */
const unlessLost = (fault: Error | undefined, world: World): number =>
  fault ? tellFailure(unwritable(fault), false, world) : 0;

/** Runs one command to its exit code; every failure is shown. */
export const runCommand = async (
  name: CommandName,
  args: readonly string[],
  flags: Flags,
  world: World,
): Promise<number> => {
  let settings = noSettings;
  try {
    settings = await settingsFor(name, flags, world);
    if (!servesUntilInterrupted(name)) world.signal.throwIfAborted();
    return await commands[name](args, { flags, settings }, world);
  } catch (thrown) {
    return tellFailureInRows(helped(asUploadError(thrown), name), isJson({ flags, settings }, world.env), world);
  }
};

/** Shows what is wrong with a command line that names no command, or not as it takes it. */
export const refuse = async (
  error: UploadError,
  argv: readonly string[],
  { env, ...streams }: Pick<World, 'env' | 'stdout' | 'stderr'>,
): Promise<number> => {
  const flags = recognisedFlags(argv);
  const settings = await readConfig(flags, { env }).catch(() => noSettings);
  return tellFailureInRows(helped(error, commandNamed(argv[0] ?? '')), isJson({ flags, settings }, env), streams);
};

/** A mistake of usage always comes with something that helps. */
const helped = (error: UploadError, command: CommandName | undefined): UploadError =>
  error.reason === 'usage' && error.hint === undefined ? withHint(error, helpHint(command)) : error;

/** The same, in the process. */
export const refuseIn = (process: NodeJS.Process, error: UploadError): Promise<number> =>
  refuse(error, process.argv.slice(2), { env: process.env, ...openStreams(process) });

/** What the config file says. A shell's start asks for its completions whatever state that file is in. */
const settingsFor = async (name: CommandName, flags: Flags, world: World): Promise<Settings> =>
  name === 'completion' ? noSettings : readConfig(flags, world);

/** Answers a shell that asks how a command line may go on. */
export const complete = async (
  asked: readonly string[],
  process: NodeJS.Process,
  interrupts: Interrupts,
): Promise<void> => {
  const { env, stdout } = process;
  interrupts(name => leave(name, process));
  stdout.on('error', () => {});
  await (await import('./complete.ts')).complete(asked, { env, stdout }, process.cwd());
};

type Command = (args: readonly string[], raw: RawOptions, world: World) => Promise<number>;

const commands: Readonly<Record<CommandName, Command>> = {
  push: async (...given) => (await import('./push.ts')).push(...given),
  resume: async (...given) => (await import('./resume.ts')).resume(...given),
  list: async (_args, raw, world) => (await import('./list.ts')).list(raw, world),
  show: async (...given) => (await import('./show.ts')).show(...given),
  cancel: async (...given) => (await import('./cancel.ts')).cancel(...given),
  clean: async (_args, raw, world) => (await import('./clean.ts')).clean(raw, world),
  verify: async (...given) => (await import('./verify.ts')).verify(...given),
  check: async (...given) => (await import('./check.ts')).check(...given),
  doctor: async (_args, raw, world) => (await import('./doctor.ts')).doctor(raw, world),
  completion: async (args, _raw, world) => (await import('./completion.ts')).completion(args, world),
  serve: async (_args, raw, world) => (await import('./serve.ts')).serve(raw, world),
};
