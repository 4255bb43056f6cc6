import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { jobsOf, type PushValues, pushAll } from '../cli/commands/push.ts';
import { destinationOf, requireKnownThere } from '../cli/connection.ts';
import { pushOptions } from '../cli/options.ts';
import { type RawOptions, resolveOptions } from '../cli/resolve.ts';
import type { FileJob } from '../core/file-job.ts';
import { mimeTypeOf } from '../io/mime-type.ts';
import { createResultWriter } from '../report/results.ts';
import { pushFile } from '../transfer/push-file.ts';
import type { World } from '../world.ts';
import { type EngineValues, engineSettings, openEngine } from './engine.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './globals.ts';
import { printPlans } from './print-plans.ts';
import { openRequestSink } from './request-log.ts';
import { openShow } from './show.ts';
import { chosenTarget, type Target } from './target.ts';

/** `push`: options → jobs → every file pushed → results → exit code. */
export const push = async (files: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const values = resolveOptions(pushOptions, raw, world.env);
  // Mistakes of usage come before a server is started or a key is asked for.
  const destination = destinationOf(globals, world.env);
  const jobs = jobsFor(files, values, destination);
  if (!values.local) requireKnownThere(destination, values.expiresAfter);
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

const jobsFor = (files: readonly string[], values: PushValues, destination: FileJob['destination']) =>
  jobsOf(files, values, { destination, mimeTypeOf });

/** Pushes jobs to one target and writes their results. */
export const pushJobs = async (
  jobs: readonly FileJob[],
  target: Target,
  values: EngineValues,
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
  const sink = openRequestSink(globals, show);
  const run = openEngine({ ...settings, target, show, sink, stateDir, version: world.version });
  const results = createResultWriter(world.stdout, { json: globals.json ?? false, aside: show.aside });
  try {
    return await pushAll(jobs, {
      pushFile: job => pushFile(job, run, event => show.event(job.path, event), world.signal),
      writeResult: results.put,
      reportFailure: show.failed,
      realPath: path => realpath(path).catch(() => resolve(path)),
      limit: pLimit(settings.concurrency),
    });
  } finally {
    show.close();
  }
};
