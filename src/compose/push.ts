import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { jobsOf, type PushValues, pushAll } from '../cli/commands/push.ts';
import { destinationOf } from '../cli/connection.ts';
import { pushOptions } from '../cli/options.ts';
import { type RawOptions, resolveOptions } from '../cli/resolve.ts';
import type { TransferEvent } from '../core/events.ts';
import type { FileJob } from '../core/file-job.ts';
import { mimeTypeOf } from '../io/mime-type.ts';
import { createResultWriter } from '../report/results.ts';
import { pushFile } from '../transfer/push-file.ts';
import type { World } from '../world.ts';
import { type EngineValues, engineSettings, openEngine } from './engine.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { printPlans } from './print-plans.ts';
import { openShow } from './show.ts';
import { chosenTarget, type Target } from './target.ts';
import { openTrace, type RunTrace } from './trace.ts';

/** `push`: options → jobs → every file pushed → results → exit code. */
export const push = async (files: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const values = resolveOptions(pushOptions, raw, world.env);
  if (values.dryRun) return printPlans(jobsFor(files, values, destinationOf(globals)), globals, world);
  // Mistakes of usage come before a server is started or a key is asked for.
  const jobs = jobsFor(files, values, destinationOf(globals));
  const target = await chosenTarget(values, globals, world);
  const trace = openTrace(values.trace);
  try {
    return await pushJobs(
      jobs.map(job => ({ ...job, destination: target.destination })),
      target,
      values,
      globals,
      { ...world, trace },
    );
  } finally {
    await trace.close();
    await target.close();
  }
};

const jobsFor = (files: readonly string[], values: PushValues, destination: FileJob['destination']) =>
  jobsOf(files, values, { destination, mimeTypeOf });

/** Pushes jobs to one target and writes their results. */
export const pushJobs = async (
  jobs: readonly FileJob[],
  target: Target,
  values: EngineValues,
  globals: GlobalValues,
  world: World & { readonly trace: RunTrace },
): Promise<number> => {
  const settings = engineSettings(values);
  const show = await openShow(
    globals,
    jobs.map(({ path }) => path),
    world,
  );
  const { trace } = world;
  trace.warnThrough(show.notice);
  show.notice(target.announcement);
  const run = openEngine({ ...settings, target, show, stateDir: stateDirOf(globals, world), version: world.version });
  const tell = (path: string, event: TransferEvent): void => {
    trace.event(path, event);
    show.event(path, event);
  };
  const results = createResultWriter(world.stdout, { json: globals.json ?? false, aside: show.aside });
  try {
    return await pushAll(jobs, {
      pushFile: job => pushFile(job, run, event => tell(job.path, event), world.signal),
      writeResult: results.put,
      reportFailure: (path, error) => {
        trace.failed(path, error);
        show.failed(path, error);
      },
      realPath: path => realpath(path).catch(() => resolve(path)),
      limit: pLimit(settings.concurrency),
    });
  } finally {
    await trace.flush();
    show.close();
  }
};
