import { createHash } from 'node:crypto';
import { verifyOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { withFileHint } from '../cli/shell-hints.ts';
import { asUploadError, type UploadError, usageError } from '../core/errors/errors.ts';
import { isId } from '../core/model/ids.ts';
import { resultError } from '../core/outcome/result.ts';
import type { VerifyResult } from '../core/schema/results/verify.ts';
import { openEngine } from '../engine/engine.ts';
import { engineSettings } from '../engine/settings.ts';
import { jsonLine } from '../report/text/text.ts';
import { verifiedLine } from '../report/text/verified.ts';
import { differs, type Verification, verifyFile } from '../transfer/verify-file.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';
import { openShow, thisMany } from './context/open-reporter.ts';
import { openRequestSink } from './context/request-log.ts';
import { chosenTarget } from './context/target.ts';

/** `verify`: compares a local file with a File. */
export const verify = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const [path, id] = args;
  if (path === undefined || id === undefined || args.length > 2)
    throw usageError('verify takes a file and a file id', 'oai-upload verify data.jsonl file-…');
  if (!isId(id)) throw usageError(`"${id}" is not a file id`, 'a file id looks like file-abc123');
  const globals = globalsOf(raw, world);
  const values = resolveOptions(verifyOptions, raw, world.env);
  const target = await chosenTarget(values, globals, world);
  const show = await openShow(globals, thisMany(1), world);
  try {
    show.notice(target.announcement('comparing with'));
    if (target.warning) show.notice(target.warning);
    const engine = openEngine({
      ...engineSettings(values),
      access: target,
      notice: show.notice,
      log: openRequestSink(globals, show),
      stateDir: stateDirOf(globals, world),
      version: world.version,
    });
    const run = { ...engine, slots: engine.slots.forFile(), emit: show.event.bind(undefined, path) };
    const found = await verifyFile({ path, id, md5: () => createHash('md5') }, run, world.signal)
      .then(
        verification => ({ verification, error: errorOf(id, verification) }),
        error => ({ verification: unknown, error: asUploadError(withFileHint(error, path)) }),
      )
      .finally(engine.close);
    show.close();
    return tell({ path, id, ...found }, { json: globals.json ?? false, fail: show.failed }, world);
  } finally {
    show.close();
    await target.close();
  }
};

const unknown = { bytes: null, remote_bytes: null, md5: null, remote_md5: null, content: null } as const;

const errorOf = (id: string, verification: Verification): UploadError | undefined =>
  verification.content === 'differs' ? differs(id, verification) : undefined;

type Found = {
  readonly path: string;
  readonly id: string;
  readonly verification: Verification | typeof unknown;
  readonly error: UploadError | undefined;
};
type Told = { readonly json: boolean; fail(path: string, error: UploadError): void };

function tell({ path, id, verification, error }: Found, { json, fail }: Told, { stdout }: World): number {
  const { bytes, remote_bytes, md5, remote_md5, content } = verification;
  const result: VerifyResult = {
    status: error ? 'failed' : 'verified',
    path,
    file_id: id,
    bytes,
    remote_bytes,
    md5,
    remote_md5,
    content,
    refusal: 'refusal' in verification ? verification.refusal : null,
    error: error && resultError(error),
  };
  if (json) stdout.write(jsonLine(result));
  else if (content !== null && !error) stdout.write(`${verifiedLine(path, id, verification as Verification)}\n`);
  if (error) fail(path, error);
  return error?.exitCode ?? 0;
}
