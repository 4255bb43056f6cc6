import { jobsOf, pushAll } from '../cli/commands/push.ts';
import { destinationOf } from '../cli/connection.ts';
import { pushOptions } from '../cli/options.ts';
import { type RawOptions, resolveOptions } from '../cli/resolve.ts';
import { stoppedBy } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { FileJob } from '../core/file-job.ts';
import { mimeTypeOf } from '../io/mime-type.ts';
import { createResultWriter } from '../report/results.ts';
import { createLanes } from '../transfer/lanes.ts';
import { pushFile } from '../transfer/push-file.ts';
import type { World } from '../world.ts';
import { type EngineValues, engineSettings, openEngine } from './engine.ts';
import { namedFiles } from './file-list.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { createInputs } from './inputs.ts';
import { printPlans } from './print-plans.ts';
import { openShow } from './show.ts';
import { chosenTarget, type Target } from './target.ts';
import { createTurns, locate } from './turns.ts';

/** `push`: options → jobs → every file pushed → results → exit code. */
export const push = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const values = resolveOptions(pushOptions, raw, world.env);
  // Mistakes of usage come before a server is started or a key is asked for.
  const jobs = jobsOf(await namedFiles(args, values.filesFrom, world), values, {
    destination: destinationOf(globals),
    mimeTypeOf,
  });
  if (jobs.length === 0) return nothingToDo(globals, world);
  if (values.dryRun) return printPlans(jobs, globals, world);
  const target = await chosenTarget(values, globals, world);
  try {
    return await pushJobs(
      jobs.map(job => ({ ...job, destination: target.destination })),
      target,
      values,
      globals,
      world,
    );
  } finally {
    await target.close();
  }
};

/** An empty list of files is no mistake: whoever made it found none. */
const nothingToDo = ({ quiet }: GlobalValues, { stderr }: World): number => {
  if (!quiet) stderr.write('no files to upload: the list is empty\n');
  return 0;
};

export type PushingValues = EngineValues & {
  readonly failFast?: boolean | undefined;
  readonly size?: number | undefined;
};

/** Pushes jobs to one target and writes their results. */
export const pushJobs = async (
  jobs: readonly FileJob[],
  target: Target,
  values: PushingValues,
  globals: GlobalValues,
  world: World,
): Promise<number> => {
  const settings = engineSettings(values);
  const show = await openShow(
    globals,
    jobs.map(({ path }) => path),
    world,
  );
  show.notice(target.announcement);
  const stateDir = stateDirOf(globals, world);
  const run = openEngine({ ...settings, target, show, stateDir, version: world.version });
  const inputs = createInputs(run, { stateDir, size: values.size }, world);
  const results = createResultWriter(world.stdout, { json: globals.json ?? false, aside: show.aside });
  const lane = createLanes(run.limit);
  const inTurn = createTurns(settings.concurrency);
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  try {
    return await pushAll(jobs, {
      pushFile: async (job, size) => {
        const emit: Emit = event => show.event(job.path, event);
        const openSource = (path: string) => inputs.open(path, emit, signal);
        return inputs.settled(
          await pushFile(job, { ...run, limit: lane(), openSource, inTurn: inTurn(size) }, emit, signal),
        );
      },
      writeResult: results.put,
      reportFailure: (path, error) => {
        show.failed(path, error);
        if (values.failFast) stop.abort(stoppedBy(path));
      },
      locate,
    });
  } finally {
    show.close();
  }
};
