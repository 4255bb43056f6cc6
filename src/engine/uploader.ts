import type { Emit } from '../core/events/events.ts';
import type { FileJob, Pushed } from '../core/model/file-job.ts';
import { pushFile } from '../transfer/push-file.ts';
import type { PushRun, Run } from '../transfer/run.ts';
import { type EngineOptions, openEngine } from './engine.ts';
import { withOwnSignal } from './own-signal.ts';

/** One file to push, and where what happens to it is told. The command has sources and turns of its own. */
export type Pushing = { readonly job: FileJob; readonly emit: Emit } & Partial<Pick<PushRun, 'openSource' | 'inTurn'>>;

/** Pushes files that share one budget of connections. The command and `push` of the library both go through here. */
export type Uploader = {
  readonly run: Run;
  /** Never throws: what went wrong is in the result. */
  push(file: Pushing, signal: AbortSignal): Promise<Pushed>;
  /** Ends its connections. */
  close(): void;
};

export const openUploader = (options: EngineOptions): Uploader => {
  const { close, ...run } = openEngine(options);
  return {
    run,
    push: ({ job, emit, ...own }, signal) =>
      withOwnSignal(signal, ownSignal =>
        pushFile(job, { ...run, inTurn: effect => effect(), ...own }, emit, ownSignal),
      ),
    close,
  };
};
