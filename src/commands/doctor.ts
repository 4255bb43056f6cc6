import { doctorOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { monotonicMs } from '../core/policy/monotonic.ts';
import type { CheckResult } from '../doctor/examination.ts';
import { examine } from '../doctor/examine.ts';
import { windowColumns } from '../report/output/streams.ts';
import { checkFields, checkRow, examinationSummary } from '../report/text/doctor.ts';
import { bytes, duration, rate } from '../report/text/format.ts';
import { jsonLine } from '../report/text/text.ts';
import { globalsOf } from './context/globals.ts';
import { openProbes } from './context/probes.ts';
import { linesTo } from './context/window-lines.ts';

/** `doctor`: what would stop an upload from here. Each check is told as soon as it is made. */
export const doctor = async (raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const values = resolveOptions(doctorOptions, raw, world.env);
  const results: CheckResult[] = [];
  const tell = (result: CheckResult): void => {
    results.push(result);
    world.stdout.write(
      globals.json ? jsonLine(checkFields(result)) : `${checkRow(result, windowColumns(world.stdout)).join('\n')}\n`,
    );
  };
  const examining = {
    probes: openProbes(globals, values, world),
    words: { bytes, rate, duration },
    upload: !values.noUpload,
    now: monotonicMs,
    tell,
  };
  const exitCode = await examine(examining, world.signal);
  if (!globals.json && !globals.quiet) (await linesTo(world.stderr))([examinationSummary(results)]);
  return exitCode;
};
