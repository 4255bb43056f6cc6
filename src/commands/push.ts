import { destinationOf, requireKnownThere } from '../cli/connection/connection.ts';
import { pushOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { exitCodeOf } from '../core/outcome/first-failure.ts';
import { mimeTypeOf } from '../io/api/mime-type.ts';
import { type Github, notOnGithub, openGithub } from './context/github.ts';
import { type GlobalValues, globalsOf } from './context/globals.ts';
import { noticesOf } from './context/notices.ts';
import { chosenTarget } from './context/target.ts';
import { openTrace } from './context/trace.ts';
import { namedFiles } from './push/file-list.ts';
import { jobsOf, jobsTo } from './push/jobs.ts';
import { printPlans } from './push/print-plans.ts';
import { tellOfSlip } from './push/purpose-typo.ts';
import { formOf, pushJobs } from './push/push-files.ts';
import { sharded } from './push/sharded.ts';
import { splitJobs } from './push/split.ts';

/** `push`: options → jobs → every file pushed → results → exit code. */
export const push = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const values = resolveOptions(pushOptions, raw, world.env);
  // Mistakes of usage come before a server is started or a key is read.
  const destination = destinationOf(globals, world.env);
  const form = formOf(values, globals);
  const tell = noticesOf(globals, world);
  const paths = await namedFiles(args, values, world, tell);
  const named = jobsOf(args, await sharded(args, paths, values, world, tell), values, { destination, mimeTypeOf });
  const jobs = await splitJobs(named, values, world.signal);
  if (!values.local) requireKnownThere(destination, values.expiresAfter);
  tellOfSlip(values.purpose, tell);
  if (values.dryRun) return printPlans({ jobs, isFolder: values.recursive ?? false }, form, globals, world);
  // Events as JSON have stderr for themselves.
  const github = values.githubOutput ? await openGithub(globals.progress !== 'json', world) : notOnGithub;
  if (jobs.size === 0) return nothingToDo(github, globals, world);
  const target = await chosenTarget(values, globals, world);
  const trace = openTrace(values.trace);
  try {
    const stop = new AbortController();
    return exitCodeOf(
      await pushJobs(jobsTo(jobs, target.destination), target, values, globals, { ...world, trace, stop }, github),
    );
  } finally {
    await trace.close();
    await target.close();
  }
};

/** An empty list of files is no mistake: a search may find none. */
const nothingToDo = async (github: Github, { quiet }: GlobalValues, { stderr }: World): Promise<number> => {
  if (!quiet) stderr.write('no files to upload: the list is empty\n');
  await github.finish();
  return 0;
};
