import { basename } from 'node:path';
import { type CheckedFile, checkFile, type Verdict } from '../check/check-file.ts';
import { checkOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { withFileHint } from '../cli/shell-hints.ts';
import { asUploadError, sourceError, UploadError } from '../core/errors/errors.ts';
import { makePlan } from '../core/model/plan.ts';
import { resultError } from '../core/outcome/result.ts';
import { readInline } from '../io/read/file-reader.ts';
import { openFileSource } from '../io/source/file-source.ts';
import { type Checked, checkedLines, invalidMessage } from '../report/text/check.ts';
import { failureLines } from '../report/text/failure.ts';
import { jsonLine } from '../report/text/text.ts';
import { globalsOf } from './context/globals.ts';
import { requirePurpose } from './push/jobs.ts';
import { tellOfSlip } from './push/purpose-typo.ts';

/** `check`: whether files are what their purpose asks for; no key, no network. The first bad file decides. */
export const check = async (files: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const { json, quiet } = globals;
  const purpose = requirePurpose(resolveOptions(checkOptions, raw, world.env).purpose);
  tellOfSlip(purpose, globals, world);
  let exitCode = 0;
  for (const path of files) {
    const outcome = await checkOne(path, purpose, world.signal);
    if (json) world.stdout.write(jsonLine(resultOf(outcome)));
    else
      world.stderr.write(
        linesOf(outcome, quiet ?? false)
          .map(line => `${line}\n`)
          .join(''),
      );
    exitCode ||= outcome.error?.exitCode ?? 0;
    if (world.signal.aborted) break;
  }
  return exitCode;
};

/** What was found, or why nothing could be. */
type Outcome = {
  readonly path: string;
  readonly purpose: string;
  readonly checked?: Checked;
  readonly error?: UploadError | undefined;
};

async function checkOne(path: string, purpose: string, signal: AbortSignal): Promise<Outcome> {
  try {
    const checked = { path, purpose, ...(await verdictOf(path, purpose, signal)) };
    const isBad = checked.errors.total > 0;
    return { path, purpose, checked, error: isBad ? sourceError('invalid-lines', invalidMessage(checked)) : undefined };
  } catch (thrown) {
    return { path, purpose, error: asUploadError(withFileHint(thrown, path)) };
  }
}

async function verdictOf(path: string, purpose: string, signal: AbortSignal): Promise<Verdict & { bytes: number }> {
  const source = await openFileSource(path, readInline);
  try {
    const { size: bytes } = source.fingerprint;
    requireSendable(path, purpose, bytes);
    const read = () => interruptible(source.read({ number: 1, offset: 0, size: bytes }, undefined).bytes, signal);
    const file: CheckedFile = { name: basename(path), purpose, bytes, read };
    return { bytes, ...(await checkFile(file)) };
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

const resultOf = ({ path, purpose, checked, error }: Outcome) => ({
  path,
  purpose,
  ok: error === undefined,
  lines: checked?.lines ?? null,
  bytes: checked?.bytes ?? null,
  errors: checked?.errors.shown ?? [],
  errors_total: checked?.errors.total ?? 0,
  warnings: checked?.warnings.shown ?? [],
  warnings_total: checked?.warnings.total ?? 0,
  ...(error && { error: resultError(error) }),
});

const linesOf = ({ path, checked, error }: Outcome, quiet: boolean): readonly string[] => {
  if (checked) return checkedLines(checked, quiet);
  return error ? failureLines(error, path) : [];
};
