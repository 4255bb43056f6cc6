import { globalOptions } from '../../cli/options/global-options.ts';
import { type RawOptions, resolveOptions } from '../../cli/options/resolve.ts';
import type { World } from '../../cli/process-context.ts';
import { UploadError } from '../../core/errors/errors.ts';
import { failedCommand } from '../../core/outcome/result.ts';
import { failureLines } from '../../report/text/failure.ts';
import { jsonLine } from '../../report/text/text.ts';
import { linesTo } from './window-lines.ts';

type Streams = Pick<World, 'stdout' | 'stderr'>;

/** Shows a failure of a whole command: to people, and with `--json` to programs too. Returns the exit code. */
export const tellFailure = (
  error: UploadError,
  json: boolean,
  { stdout, stderr }: Streams,
  write = (lines: readonly string[]): void => void stderr.write(`${lines.join('\n')}\n`),
): number => {
  write(failureLines(error));
  if (json) stdout.write(jsonLine(failedCommand(error)));
  return error.exitCode;
};

/** The same, in rows that fit the window: where there is time to load what measures them. */
export const tellFailureInRows = async (error: UploadError, json: boolean, streams: Streams): Promise<number> =>
  tellFailure(error, json, streams, await linesTo(streams.stderr));

/** Whether `--json` is on. A value that is none turns nothing on: it is the mistake that is being shown. */
export const isJson = (raw: RawOptions, env: World['env']): boolean => {
  try {
    return resolveOptions({ json: globalOptions.json }, raw, env).json ?? false;
  } catch (error) {
    if (error instanceof UploadError) return false;
    throw error;
  }
};
