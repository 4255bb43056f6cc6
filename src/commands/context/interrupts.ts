import { type InterruptSignal, interruptedBy, type UploadError } from '../../core/errors/errors.ts';

/** Gives a listener the first interrupt of the process, also one that came before it listened, and all later ones. */
export type Interrupts = (listener: (signal: InterruptSignal) => void) => void;

/** Shows how the command ended. */
type Tell = (error: UploadError) => unknown;

/** A command stops within two seconds of its first interrupt; this leaves the process time to end. */
const LONGEST_STOP_MS = 1900;

/** Aborted by the first interrupt, whose error is its reason. The second one ends the process immediately. */
export const abortedBy = (interrupts: Interrupts, process: NodeJS.Process): AbortSignal => {
  const controller = new AbortController();
  interrupts(name => {
    const error = interruptedBy(name);
    if (controller.signal.aborted) leave(name, process);
    controller.abort(error);
  });
  return controller.signal;
};

/** Ends a process that its first interrupt did not: some waits, like that for the writer of a FIFO, cannot be aborted. */
export const endInTime = (interrupts: Interrupts, tell: Tell, process: NodeJS.Process): Interrupts => {
  let isEnding = false;
  return listener =>
    interrupts(name => {
      if (!isEnding) setTimeout(() => end(name, tell, process), LONGEST_STOP_MS).unref();
      isEnding = true;
      listener(name);
    });
};

function end(name: InterruptSignal, tell: Tell, process: NodeJS.Process): void {
  // Without an exit code the command has not returned.
  if (process.exitCode === undefined) tell(interruptedBy(name));
  leave(name, process);
}

/** A request to a disk that answers has ended by then. */
const FILE_REQUEST_MS = 100;

/**
 * Ends the process immediately. Node's exit waits for a system call in its thread pool, which may have no end; the
 * default action of the signal does not, and shells see the same code.
 */
export function leave(name: InterruptSignal, process: NodeJS.Process): void {
  const { exitCode } = interruptedBy(name);
  const exit = (): never => process.exit(process.exitCode ?? exitCode);
  if (!hasPendingFileRequest(process)) exit();
  setTimeout(() => {
    if (!hasPendingFileRequest(process)) exit();
    process.emit('exit', exitCode);
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  }, FILE_REQUEST_MS);
}

const hasPendingFileRequest = (process: NodeJS.Process): boolean =>
  process.getActiveResourcesInfo().some(name => name.startsWith('FSReq'));
