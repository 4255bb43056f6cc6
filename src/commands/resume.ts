import type { Values } from '../cli/options/option.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { transferOptions } from '../cli/options/transfer-options.ts';
import type { World } from '../cli/process-context.ts';
import { type FileJob, fileJob } from '../core/model/file-job.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { globalsOf } from './context/globals.ts';
import { chosenSaved } from './context/saved.ts';
import { byDestination, savedTarget } from './context/target.ts';
import { openTrace } from './context/trace.ts';
import { optionsOfJob } from './push/jobs.ts';
import { pushJobs } from './push/push-files.ts';

/** `resume`: goes on with saved uploads as they were begun. */
export const resume = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const values = resolveOptions(transferOptions, raw, world.env);
  const globals = globalsOf(raw, world);
  const saved = await chosenSaved(args, raw, 'resume', world);
  const trace = openTrace(values.trace);
  let exitCode = 0;
  for (const group of byDestination(saved)) {
    const target = await savedTarget(group.destination, globals, world);
    try {
      const jobs = group.saved.map(({ manifest }) => jobOf(manifest, values));
      exitCode ||= await pushJobs(jobs, target, values, globals, { ...world, trace });
    } finally {
      await target.close();
    }
  }
  await trace.close();
  return exitCode;
};

const jobOf = (
  { path, request, partSize, md5, destination }: Manifest,
  values: Values<typeof transferOptions>,
): FileJob => {
  const { filename, purpose, mimeType, expiresAfterSeconds } = request;
  const options = optionsOfJob(purpose, values);
  const target = { path, filename, purpose, mimeType, destination };
  return fileJob(target, { ...options, expiresAfterSeconds, partSize, md5: md5 && options.md5 !== false });
};
