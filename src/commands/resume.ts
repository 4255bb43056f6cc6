import type { Values } from '../cli/options/option.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { transferOptions } from '../cli/options/transfer-options.ts';
import type { World } from '../cli/process-context.ts';
import type { FileJob } from '../core/model/file-job.ts';
import type { Manifest } from '../core/model/manifest.ts';
import { globalsOf } from './context/globals.ts';
import { chosenSaved } from './context/saved.ts';
import { byDestination, savedTarget } from './context/target.ts';
import { openTrace } from './context/trace.ts';
import { waitOf } from './push/jobs.ts';
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
): FileJob => ({
  path,
  filename: request.filename,
  purpose: request.purpose,
  mimeType: request.mimeType,
  expiresAfterSeconds: request.expiresAfterSeconds,
  partSize,
  md5: md5 && !values.noMd5,
  restart: false,
  lockWaitMs: values.lockWait ?? 0,
  cancelOnInterrupt: values.cancelOnInterrupt ?? false,
  skipUploaded: false,
  waitMs: waitOf(values),
  destination,
});
