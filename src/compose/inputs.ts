import { join } from 'node:path';
import type { Emit } from '../core/events.ts';
import { type Pushed, STDIN } from '../core/file-job.ts';
import type { Locks, ManifestStore, Source } from '../core/ports.ts';
import { createSpool, type Held } from '../io/spool.ts';
import type { Run } from '../transfer/run.ts';
import type { World } from '../world.ts';

export type InputOptions = {
  readonly stateDir: string;
  /** Bytes that stdin must have, where that is known. */
  readonly size: number | undefined;
};

/** Files, and stdin as a file that is kept until nobody needs it any more. */
export const createInputs = (run: Run, { stateDir, size }: InputOptions, world: World) => {
  const spool = createSpool(spoolFolder(stateDir), run.locks);

  const hold = async (path: string, emit: Emit, signal: AbortSignal): Promise<Held | undefined> => {
    if (path !== STDIN) return (await spool.holds(path)) ? spool.hold(path, signal) : undefined;
    const onProgress = (received: number): void => emit({ type: 'stdin.progress', received });
    // Whoever feeds it may take long to begin.
    onProgress(0);
    return spool.fill(world.stdin(), { size, onProgress }, signal);
  };
  let isTouched = false;
  const sweep = async (): Promise<void> => {
    // Whatever became of the run: what a saved upload still needs stays.
    if (isTouched) await sweepSpool(stateDir, run);
  };

  return {
    open: async (path: string, emit: Emit, signal: AbortSignal): Promise<Source> => {
      const held = await hold(path, emit, signal);
      if (!held) return run.openSource(path);
      isTouched = true;
      const source = await run.openSource(held.path).catch(async error => {
        await held.release();
        throw error;
      });
      return { ...source, close: () => source.close().finally(held.release) };
    },
    /** The result of a push whose input may go once it is written, or, where it failed, if nothing saved needs it. */
    settled: async (pushed: Pushed): Promise<Pushed> => {
      if (pushed.error) await sweep();
      return { ...pushed, written: () => pushed.written().then(sweep) };
    },
  };
};

/** Removes what was kept of stdin and neither a run nor a saved upload needs; how many that were. */
export const sweepSpool = async (
  stateDir: string,
  { manifests, locks }: { readonly manifests: ManifestStore; readonly locks: Locks },
): Promise<number> => {
  const needed = new Set((await manifests.list()).map(({ manifest }) => manifest.path));
  return createSpool(spoolFolder(stateDir), locks).sweep(needed, AbortSignal.timeout(SWEEP_MS));
};

/** An interrupted run has two seconds. */
const SWEEP_MS = 1000;

const spoolFolder = (stateDir: string): string => join(stateDir, 'spool');
