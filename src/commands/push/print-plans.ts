import type { World } from '../../cli/process-context.ts';
import { withPushHint } from '../../cli/shell-hints.ts';
import { asUploadError } from '../../core/errors/errors.ts';
import { emptyTally } from '../../core/events/stats.ts';
import { type FileJob, labelOf, planFor } from '../../core/model/file-job.ts';
import { noPlans, type PushResult, rangeField, resultError, tallyFields, withPlan } from '../../core/outcome/result.ts';
import { readInline } from '../../io/read/file-reader.ts';
import { openFileSource } from '../../io/source/file-source.ts';
import type { ResultForm } from '../../report/output/result-form.ts';
import { createResultWriter } from '../../report/output/results.ts';
import { failureLines } from '../../report/text/failure.ts';
import { planLines, planTotalsLine } from '../../report/text/plan.ts';
import type { GlobalValues } from '../context/globals.ts';
import { linesTo } from '../context/window-lines.ts';
import { locate } from './file-slots.ts';
import type { Jobs } from './jobs.ts';
import { startSurvey } from './survey.ts';

/** `push --dry-run`: the plans on stderr, with `--json` as results; no key, no network, nothing saved. */
export const printPlans = async (
  { jobs, isFolder }: { readonly jobs: Jobs; readonly isFolder: boolean },
  form: ResultForm,
  { quiet }: GlobalValues,
  { stdout, stderr }: World,
): Promise<number> => {
  const results = createResultWriter(stdout, { form });
  const survey = startSurvey(jobs, locate);
  await survey.whole;
  const write = await linesTo(stderr);
  const hasTotals = isFolder || jobs.size !== 1;
  let totals = noPlans;
  let exitCode = 0;
  for (let index = 0; index < jobs.size; index += 1) {
    const { result, lines, failedWith } = await planOf(jobs.at(index));
    if (survey.firstOf(index) === index) totals = withPlan(totals, result);
    if (!quiet || failedWith) write(lines);
    // In a field of the last one: each line of stdout is a file.
    await results.put(index, hasTotals && index === jobs.size - 1 ? { ...result, totals } : result);
    exitCode ||= failedWith;
  }
  if (hasTotals && !quiet) write([planTotalsLine(totals)]);
  return exitCode;
};

async function planOf(job: FileJob): Promise<{ result: PushResult; lines: readonly string[]; failedWith: number }> {
  const { path, filename, purpose } = job;
  const blank = { path, filename, purpose, file_id: null, upload_id: null, md5: null, file: null, duration_ms: 0 };
  try {
    const source = await openFileSource(path, readInline);
    await source.close();
    const plan = planFor(job, source.fingerprint);
    const { bytes } = plan.request;
    const result = {
      ...blank,
      status: 'planned',
      bytes,
      part_size: plan.partSize,
      ...tallyFields(emptyTally, plan.parts.length),
      ...rangeField(job.range),
    } as const;
    return { result, lines: planLines(labelOf(job), plan), failedWith: 0 };
  } catch (thrown) {
    const error = asUploadError(withPushHint(thrown, path));
    const result = {
      ...blank,
      status: 'failed',
      bytes: null,
      ...tallyFields(emptyTally, 0),
      resumable: false,
      error: resultError(error),
    } as const;
    return { result, lines: failureLines(error, path), failedWith: error.exitCode };
  }
}
