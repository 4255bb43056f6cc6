import { basename, resolve } from 'node:path';
import { asUploadError, withResult } from '../core/errors/errors.ts';
import { checkSettings } from '../core/model/check.ts';
import type { Destination } from '../core/model/destination.ts';
import { type FileJob, fileJob, type JobOptions } from '../core/model/file-job.ts';
import type { CompletedResult } from '../core/outcome/result.ts';
import { createEventTeller } from '../core/outcome/upload-event.ts';
import { plainHttpWarning } from '../core/policy/plain-http.ts';
import { engineSettings } from '../engine/settings.ts';
import { openUploader } from '../engine/uploader.ts';
import { mimeTypeOf } from '../io/api/mime-type.ts';
import { sentName } from '../io/source/path-bytes.ts';
import { stateFolder } from '../io/state/folders.ts';
import { accessOf } from './access.ts';
import { checkCall } from './check-options.ts';
import type { PushOptions } from './options.ts';
import { withoutSecretsIn } from './secret-free.ts';
import { stopping } from './stopping.ts';

declare const __VERSION__: string;

/**
 * Uploads one file. Resumes automatically where an earlier push of it stopped, by this library or by the command.
 * Resolves once the bytes that the server confirmed are the bytes of the file. Rejects with an `UploadError`, and then
 * pushing the file again is always safe.
 */
export const push = async (path: string, options: PushOptions): Promise<CompletedResult> => {
  try {
    checkCall(path, options);
    return await pushChecked(path, options);
  } catch (error) {
    throw withoutSecretsIn(asUploadError(error));
  }
};

async function pushChecked(path: string, options: PushOptions): Promise<CompletedResult> {
  const { env } = process;
  const access = await accessOf(options, env);
  const events = createEventTeller(unharmed(options.onEvent), Date.now);
  const notice = (message: string): void => events.event(path, { type: 'note', reason: 'notice', message });
  const warning = plainHttpWarning(new URL(access.baseUrl));
  if (warning) notice(warning);
  const uploader = openUploader({
    ...settingsOf(options),
    access,
    stateDir: resolve(options.stateDir ?? stateFolder(env)),
    version: __VERSION__,
    notice,
  });
  const stop = stopping(options.signal);
  try {
    const job = jobOf(path, options, access.destination);
    const { result, error, written } = await uploader.push(
      { job, emit: event => events.event(path, event) },
      stop.signal,
    );
    if (error) {
      events.failed(path, error);
      throw withResult(error, result);
    }
    await written();
    return result;
  } finally {
    stop.done();
    uploader.close();
  }
}

const settingsOf = ({ connectTimeoutMs, stallTimeoutMs, ...options }: PushOptions) =>
  engineSettings({ ...options, connectTimeout: connectTimeoutMs, stallTimeout: stallTimeoutMs });

const jobOf = (path: string, options: PushOptions, destination: Destination): FileJob => {
  const { filename = sentName(basename(path)), mimeType = mimeTypeOf(filename), purpose, check, strict } = options;
  const mode = typeof check === 'boolean' ? onOff(check) : check;
  return fileJob(
    { path, filename, purpose, mimeType, destination },
    { ...pick(options), check: checkSettings(purpose, { mode, strict }) },
  );
};

const onOff = (isOn: boolean): 'on' | 'off' => (isOn ? 'on' : 'off');

/** Those that a job knows by the same name: one that is left out here does not compile. */
type Picked = { readonly [Name in Exclude<keyof PushOptions & keyof JobOptions, 'check'>]-?: JobOptions[Name] };

const pick = ({ expiresAfterSeconds, partSize, md5, restart, lockWaitMs, skipUploaded }: PushOptions): Picked => ({
  expiresAfterSeconds,
  partSize,
  md5,
  restart,
  lockWaitMs,
  skipUploaded,
});

/** What a listener throws is the process's, as that of an EventTarget's is: it must not fail an upload that goes well. */
const unharmed =
  (listen: PushOptions['onEvent'] = () => {}): typeof listen =>
  event => {
    try {
      listen(event);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  };
