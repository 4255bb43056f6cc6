import { basename } from 'node:path';
import { checkFile } from '../check/check-file.ts';
import type { CheckOptions, CheckReport, Service } from '../check/types.ts';
import { destinationOf } from '../cli/connection/connection.ts';
import type { Values } from '../cli/options/option.ts';
import { checkOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { withFileHint } from '../cli/shell-hints.ts';
import { asUploadError, sourceError, UploadError } from '../core/errors/errors.ts';
import { serviceOf } from '../core/model/file-job.ts';
import { makePlan } from '../core/model/plan.ts';
import { resultError } from '../core/outcome/result.ts';
import type { CheckedFinding, CheckedLine } from '../core/schema/results/checked.ts';
import { readInline } from '../io/read/file-reader.ts';
import { openFileSource } from '../io/source/file-source.ts';
import { windowColumns } from '../report/output/streams.ts';
import { type Checked, checkedLines, invalidMessage } from '../report/text/check.ts';
import { failureLines } from '../report/text/failure.ts';
import { jsonLine } from '../report/text/text.ts';
import { folded } from '../report/text/wrap.ts';
import { type GlobalValues, globalsOf } from './context/globals.ts';
import { noticesOf } from './context/notices.ts';
import { requirePurpose } from './push/jobs.ts';
import { tellOfSlip } from './push/purpose-typo.ts';

/** `check`: whether files are what their purpose asks for; no key, no network. The first bad file decides. */
export const check = async (files: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const { json, quiet } = globals;
  const values = resolveOptions(checkOptions, raw, world.env);
  const options = optionsOf(values, globals, world);
  tellOfSlip(options.purpose, noticesOf(globals, world));
  let exitCode = 0;
  for (const path of files) {
    const outcome = await checkOne(path, options, world.signal);
    if (json) world.stdout.write(jsonLine(resultOf(outcome, options)));
    else
      world.stderr.write(
        linesOf(outcome, quiet ?? false)
          .flatMap(line => folded(line, windowColumns(world.stderr)))
          .map(line => `${line}\n`)
          .join(''),
      );
    exitCode ||= outcome.error?.exitCode ?? 0;
    if (world.signal.aborted) break;
  }
  return exitCode;
};

type Options = CheckOptions & { readonly service: Service };

const optionsOf = (values: Values<typeof checkOptions>, globals: GlobalValues, { env }: World): Options => ({
  purpose: requirePurpose(values.purpose),
  service: values.service ?? serviceOf(destinationOf(globals, env)),
  strict: values.strict,
  maxFindings: values.maxFindings,
});

/** What was found, or why nothing could be. */
type Outcome = {
  readonly path: string;
  readonly checked?: Checked;
  readonly error?: UploadError | undefined;
};

async function checkOne(path: string, options: Options, signal: AbortSignal): Promise<Outcome> {
  try {
    const checked = { path, purpose: options.purpose, ...(await reportOf(path, options, signal)) };
    const isBad = checked.errors.total > 0;
    return { path, checked, error: isBad ? sourceError('invalid-lines', invalidMessage(checked)) : undefined };
  } catch (thrown) {
    return { path, error: asUploadError(withFileHint(thrown, path)) };
  }
}

async function reportOf(path: string, options: Options, signal: AbortSignal): Promise<CheckReport & { bytes: number }> {
  const source = await openFileSource(path, readInline);
  try {
    const { size: bytes } = source.fingerprint;
    requireSendable(path, options.purpose, bytes);
    const read = () => interruptible(source.read({ number: 1, offset: 0, size: bytes }, undefined).bytes, signal);
    return { bytes, ...(await checkFile({ ...options, filename: basename(path), bytes, read })) };
  } finally {
    await source.close();
  }
}

/** Neither empty nor above what an Upload takes: a plan could be made of it. */
const requireSendable = (path: string, purpose: string, bytes: number): void =>
  void makePlan({
    request: { filename: path, purpose, bytes, mimeType: '' },
    partSize: undefined,
    md5: false,
  });

async function* interruptible(reads: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const bytes of reads) {
    if (signal.aborted) throw interrupted(asUploadError(signal.reason));
    yield bytes;
  }
}

const interrupted = ({ code, message, reason, exitCode }: UploadError): UploadError =>
  new UploadError(code, message, { reason, exitCode, hint: 'run the same command again: it begins anew' });

type Findings = Checked['errors'];

const resultOf = ({ path, checked, error }: Outcome, { purpose, service }: Options): CheckedLine => ({
  path,
  purpose,
  service,
  ok: error === undefined,
  lines: checked?.lines ?? null,
  bytes: checked?.bytes ?? null,
  errors: shownOf(checked?.errors),
  errors_total: checked?.errors.total ?? 0,
  warnings: shownOf(checked?.warnings),
  warnings_total: checked?.warnings.total ?? 0,
  notes: shownOf(checked?.notes),
  notes_total: checked?.notes.total ?? 0,
  summary: checked?.summary ?? null,
  error: error && resultError(error),
});

/** `reason` is the earlier name of `rule`, and stays for scripts. */
const shownOf = (findings: Findings | undefined): readonly CheckedFinding[] =>
  (findings?.shown ?? []).map(({ line, column, rule, level, message, hint }) => ({
    line,
    column,
    reason: rule,
    rule,
    level,
    message,
    hint,
  }));

const linesOf = ({ path, checked, error }: Outcome, quiet: boolean): readonly string[] => {
  if (checked) return checkedLines(checked, quiet);
  return error ? failureLines(error, path) : [];
};
