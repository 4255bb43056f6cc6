import type { Values } from '../cli/options/option.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { transferOptions } from '../cli/options/transfer-options.ts';
import type { World } from '../cli/process-context.ts';
import { stoppedBy, type UploadError } from '../core/errors/errors.ts';
import { type FileJob, fileJob } from '../core/model/file-job.ts';
import type { Manifest } from '../core/model/manifest.ts';
import type { FirstFailure } from '../core/outcome/first-failure.ts';
import type { SavedUpload } from '../core/ports.ts';
import { jsonLine } from '../report/text/text.ts';
import { untriedResult } from '../transfer/file-result.ts';
import { eachDestination } from './context/each-destination.ts';
import { globalsOf } from './context/globals.ts';
import { openShow, thisMany } from './context/open-reporter.ts';
import { chosenSaved } from './context/saved.ts';
import { openTrace } from './context/trace.ts';
import { optionsOfJob } from './push/jobs.ts';
import { pushJobs } from './push/push-files.ts';

/** `resume`: goes on with saved uploads as they were begun. */
export const resume = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const values = resolveOptions(transferOptions, raw, world.env);
  const globals = globalsOf(raw, world);
  const saved = await chosenSaved(args, raw, 'resume', world);
  const trace = openTrace(values.trace);
  const stop = new AbortController();
  const refuse = async (group: readonly SavedUpload[], error: UploadError): Promise<FirstFailure> => {
    const paths = group.map(({ manifest }) => manifest.path);
    const show = await openShow(globals, thisMany(paths.length), world);
    for (const path of paths) show.failed(path, error);
    show.close();
    if (globals.json)
      for (const { manifest } of group) world.stdout.write(jsonLine(untriedResult(manifest, error, Date.now())));
    if (values.failFast) stop.abort(stoppedBy(paths[0] ?? ''));
    return { index: 0, exitCode: error.exitCode };
  };
  try {
    return await eachDestination(
      saved,
      {
        run: (group, target) => {
          const jobs = {
            size: group.length,
            at: (index: number) => jobOf((group[index] as SavedUpload).manifest, values),
          };
          return pushJobs(jobs, target, values, globals, { ...world, trace, stop });
        },
        refuse,
      },
      globals,
      world,
    );
  } finally {
    await trace.close();
  }
};

const jobOf = (
  { path, request, range, partSize, md5, destination }: Manifest,
  values: Values<typeof transferOptions>,
): FileJob => {
  const { filename, purpose, mimeType, expiresAfterSeconds } = request;
  const options = optionsOfJob(purpose, values);
  const target = { path, filename, purpose, mimeType, destination };
  return fileJob(target, {
    ...options,
    expiresAfterSeconds,
    range,
    label: range && `${path} [${filename}]`,
    partSize,
    md5: md5 && options.md5 !== false,
  });
};
