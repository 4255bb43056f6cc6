import type { World } from '../../cli/process-context.ts';
import { withPushHint } from '../../cli/shell-hints.ts';
import type { Emit } from '../../core/events/events.ts';
import { type Pushed, STDIN } from '../../core/model/file-job.ts';
import type { Locks, ManifestStore, Source } from '../../core/ports.ts';
import { loadCheck } from '../../engine/check.ts';
import { threadPrograms } from '../../engine/worker-urls.ts';
import { createReader } from '../../io/read/file-reader.ts';
import { openArrivingSource } from '../../io/source/arriving-source.ts';
import { createSpool, type Held, type Taken } from '../../io/source/spool.ts';
import type { Run } from '../../transfer/run.ts';
import { spoolFolder } from './saved-files.ts';

export type InputOptions = {
  readonly stateDir: string;
  /** Bytes that stdin must have, where that is known: then they can be sent while they arrive. */
  readonly size: number | undefined;
};

/** Files, and stdin as a file that is kept until it is not needed any more. */
export const createInputs = (run: Run, { stateDir, size }: InputOptions, world: World) => {
  const spool = createSpool(spoolFolder(stateDir), run.locks);
  let isTouched = false;

  const openStdin = async (emit: Emit, signal: AbortSignal): Promise<Source> => {
    const onProgress = (received: number): void => emit({ type: 'stdin.progress', received });
    // Its writer may take long to begin.
    onProgress(0);
    const taken = await spool.take(world.stdin(), { size, onProgress }, signal);
    return openHeld(taken, () => openTaken(taken, size, run));
  };
  const openHeld = async ({ release }: Held, open: () => Promise<Source>): Promise<Source> => {
    isTouched = true;
    const source = await open().catch(async error => {
      await release();
      throw error;
    });
    return { ...source, close: () => source.close().finally(release) };
  };
  const openNamed = (path: string): Promise<Source> =>
    run.openSource(path).catch(error => Promise.reject(withPushHint(error, path)));
  const sweep = async (): Promise<void> => {
    // What a saved upload still needs stays. It must not decide what becomes of the other files: `clean` tells.
    if (isTouched) await sweepSpool(stateDir, run).catch(() => {});
  };

  return {
    open: async (path: string, emit: Emit, signal: AbortSignal): Promise<Source> => {
      if (path === STDIN) return openStdin(emit, signal);
      if (!(await spool.holds(path))) return openNamed(path);
      return openHeld(await spool.hold(path, signal), () => run.openSource(path));
    },
    /** The result of a push whose input may go once it is written, or, where it failed, if nothing saved needs it. */
    settled: async (pushed: Pushed): Promise<Pushed> => {
      if (pushed.error) await sweep();
      return { ...pushed, written: () => pushed.written().then(sweep) };
    },
  };
};

/** As soon as its bytes can be sent: while they arrive, where their number is known. */
const openTaken = async (taken: Taken, size: number | undefined, run: Run): Promise<Source> => {
  if (size !== undefined) return openArriving(taken, size);
  await taken.whole;
  return run.openSource(taken.path);
};

const openArriving = async (taken: Taken, size: number): Promise<Source> => {
  const reader = createReader(threadPrograms, loadCheck);
  const source = await openArrivingSource(taken, size, reader.readFile);
  return { ...source, close: () => source.close().finally(reader.close) };
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
