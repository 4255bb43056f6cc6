import { setMaxListeners } from 'node:events';
import { type Actions, runProgram } from './cli/program.ts';
import { asUploadError, type InterruptSignal, interruptedBy, interruptSignals } from './core/errors.ts';
import type { World } from './world.ts';

declare const __VERSION__: string;

/** Runs one command to its exit code. Only commander is loaded before a command is known. */
export const main = async (world: World): Promise<number> => {
  const actions: Actions = {
    push: async (files, raw) => (await import('./compose/push.ts')).push(files, raw, world),
    resume: async (args, raw) => (await import('./compose/resume.ts')).resume(args, raw, world),
    list: async (_args, raw) => (await import('./compose/saved.ts')).list(raw, world),
    show: async (args, raw) => (await import('./compose/saved.ts')).show(args, raw, world),
    cancel: async (args, raw) => (await import('./compose/cancel.ts')).cancel(args, raw, world),
    clean: async (_args, raw) => (await import('./compose/clean.ts')).clean(raw, world),
    serve: async (_args, raw) => (await import('./compose/serve.ts')).serve(raw, world),
  };
  const streams = {
    out: (text: string) => void world.stdout.write(text),
    err: (text: string) => void world.stderr.write(text),
  };
  try {
    return await runProgram(world.argv, world.version, actions, streams);
  } catch (thrown) {
    const { failureLines } = await import('./report/failure.ts');
    const error = asUploadError(thrown);
    streams.err(`${failureLines(error).join('\n')}\n`);
    return error.exitCode;
  }
};

/** Runs the process's command line: one controller for all signals, the exit code left for the loop to drain. */
export const run = async (process: NodeJS.Process): Promise<void> => {
  // Many requests listen to one signal on purpose.
  setMaxListeners(0);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const controller = new AbortController();
  for (const name of interruptSignals) process.on(name, () => interrupt(process, controller, name));
  const { stdout, stderr, env } = process;
  process.exitCode = await main({
    argv: process.argv.slice(2),
    env,
    stdout,
    stderr,
    signal: controller.signal,
    version: __VERSION__,
  });
};

/** The first interrupt stops and keeps; the second leaves now. */
function interrupt(process: NodeJS.Process, controller: AbortController, name: InterruptSignal): void {
  const error = interruptedBy(name);
  if (controller.signal.aborted) process.exit(error.exitCode);
  controller.abort(error);
}
