import { setMaxListeners } from 'node:events';
import type { World } from '../../cli/process-context.ts';
import { AUTOMATIC_CONCURRENCY } from '../../core/concurrency/search.ts';
import { stoppedBy, usageError } from '../../core/errors/errors.ts';
import type { Emit } from '../../core/events/events.ts';
import { type FileJob, labelOf, type Pushed } from '../../core/model/file-job.ts';
import type { FirstFailure } from '../../core/outcome/first-failure.ts';
import type { ResultFormat } from '../../core/outcome/result-format.ts';
import { type EngineValues, engineSettings } from '../../engine/settings.ts';
import { openUploader } from '../../engine/uploader.ts';
import { wholeWrites } from '../../io/output/whole-writes.ts';
import { filesAtOnce } from '../../io/read/descriptors.ts';
import { type ResultForm, resultForm } from '../../report/output/result-form.ts';
import { createResultWriter } from '../../report/output/results.ts';
import type { Show } from '../../report/output/show.ts';
import { nextStep } from '../../report/text/next-step.ts';
import { type Github, notOnGithub } from '../context/github.ts';
import { type GlobalValues, stateDirOf } from '../context/globals.ts';
import { openShow } from '../context/open-reporter.ts';
import { openRequestSink } from '../context/request-log.ts';
import { createInputs } from '../context/sources.ts';
import type { Target } from '../context/target.ts';
import type { RunTrace } from '../context/trace.ts';
import { createTurns, locate } from './file-slots.ts';
import { type Jobs, pushAll } from './jobs.ts';
import { type Survey, startSurvey } from './survey.ts';

export type PushingValues = EngineValues & {
  readonly format?: ResultFormat | undefined;
  readonly failFast?: boolean | undefined;
  readonly size?: number | undefined;
};

/** A run's world, where its trace goes, and what `--fail-fast` stops it with. */
export type PushWorld = World & { readonly trace: RunTrace; readonly stop: AbortController };

/** Pushes jobs to one target and writes their results. */
export const pushJobs = async (
  jobs: Jobs,
  target: Target,
  values: PushingValues,
  globals: GlobalValues,
  world: PushWorld,
  github: Github = notOnGithub,
): Promise<FirstFailure | undefined> => {
  const signal = AbortSignal.any([world.signal, world.stop.signal]);
  // Each file listens to it.
  setMaxListeners(0, signal);
  const survey = startSurvey(jobs, path => locate(path, signal));
  await survey.known(0);
  const show = await openShow(globals, survey.expected, world);
  try {
    world.trace.warnThrough(show.notice);
    show.notice(target.announcement('uploading to'));
    if (target.warning) show.notice(target.warning);
    return await pushShown({ jobs, survey }, target, values, globals, { ...world, signal }, github, show);
  } finally {
    await world.trace.flush();
    show.close();
  }
};

async function pushShown(
  { jobs, survey }: { readonly jobs: Jobs; readonly survey: Survey },
  target: Target,
  values: PushingValues,
  globals: GlobalValues,
  world: PushWorld,
  github: Github,
  show: Show,
): Promise<FirstFailure | undefined> {
  const results = createResultWriter(wholeWrites(world.stdout), { form: formOf(values, globals), aside: show.aside });
  const pusher = openPusher(target, values, globals, show, {
    ...world,
    isOnly: jobs.size === 1,
    isMany: jobs.size > FEW,
  });
  try {
    const failure = await pushAll(jobs, survey, {
      pushFile: pusher.pushFile,
      writeResult: (index, result) => {
        github.result(index, result);
        return results.put(index, result);
      },
      reportFailure: (path, error) => {
        world.trace.failed(path, error);
        show.failed(path, error);
        show.aside(() => github.failed(path, error));
        if (values.failFast) world.stop.abort(stoppedBy(path));
      },
      ended: show.ended,
    });
    await github.finish();
    return failure;
  } finally {
    pusher.close();
  }
}

/** `--json` is `--format json`. */
export const formOf = ({ format }: Pick<PushingValues, 'format'>, { json }: GlobalValues): ResultForm => {
  if (json && format !== undefined && format !== 'json') throw usageError('--format and --json exclude each other');
  return resultForm(json ? 'json' : format);
};

/** Up to so many files the limit of open files is not looked up. */
const FEW = 4;

/** Pushes one file after the other, as the run's one budget lets them. */
const openPusher = (
  target: Target,
  values: PushingValues,
  globals: GlobalValues,
  show: Show,
  world: PushWorld & { readonly isOnly: boolean; readonly isMany: boolean },
) => {
  const stateDir = stateDirOf(globals, world);
  const settings = engineSettings(values);
  const log = openRequestSink(globals, show);
  const { version, signal, isOnly, isMany } = world;
  const uploader = openUploader({ ...settings, access: target, stateDir, version, notice: show.notice, log });
  const inputs = createInputs(uploader.run, { stateDir, size: values.size }, world);
  const atOnce = settings.isAutomatic ? AUTOMATIC_CONCURRENCY.max : settings.concurrency;
  // What is kept on this machine, the API does not know.
  const tellsNext = isOnly && target.destination.kind !== 'local' && isPersonal(globals, world);
  const inTurn = createTurns(isMany ? filesAtOnce(atOnce) : atOnce);
  const pushFile = async (job: FileJob, size: number): Promise<Pushed> => {
    show.queued(labelOf(job), size);
    const emit: Emit = event => {
      world.trace.event(labelOf(job), event);
      show.event(labelOf(job), event);
    };
    const openSource = (path: string) => inputs.open(path, emit, signal);
    const pushed = await inputs.settled(await uploader.push({ job, emit, openSource, inTurn: inTurn(size) }, signal));
    if (tellsNext && !pushed.error) tellNext(pushed.result, show);
    return pushed;
  };
  return { pushFile, close: uploader.close };
};

/** Whether somebody looks on who will use the id by hand. */
const isPersonal = ({ json, progress, quiet }: GlobalValues, { stderr, stdout }: World): boolean =>
  stderr.isTTY === true && stdout.isTTY === true && !json && !quiet && (progress ?? 'auto') === 'auto';

function tellNext({ purpose }: Pushed['result'], show: Show): void {
  const step = nextStep(purpose);
  if (step !== undefined) show.notice(step);
}
