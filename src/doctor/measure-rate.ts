import { codeOf, RequestError } from '../core/errors/request-error.ts';
import type { ApiUpload } from '../core/model/api.ts';
import { uploadId } from '../core/model/api.ts';
import type { TrialApi } from './probes.ts';

const KiB = 1024;

/** Parts of the trial: each further one is sent only where the one before was quick, so that it ends soon anywhere. */
export const TRIAL_SIZES: readonly number[] = [64 * KiB, 256 * KiB, 1024 * KiB, 6 * 1024 * KiB];
const QUICK_MS = 500;

const CANCEL_MS = 10_000;
/** An interrupted run has two seconds. */
const HURRIED_CANCEL_MS = 1500;

/** The last part that was sent, how long it took, and whether nothing is left of it. */
export type Measured = {
  readonly bytes: number;
  readonly ms: number;
  readonly sentBytes: number;
  readonly cancelled: boolean;
};

/** Makes a real upload, sends parts that grow, and cancels it. */
export const measureRate = async (api: TrialApi, now: () => number, signal: AbortSignal): Promise<Measured> => {
  const upload = await api.create(
    {
      filename: 'oai-upload-doctor.txt',
      purpose: 'assistants',
      bytes: TRIAL_SIZES.reduce((sum, size) => sum + size, 0),
      mimeType: 'text/plain',
    },
    signal,
  );
  let measured: Omit<Measured, 'cancelled'>;
  try {
    measured = await sendGrowing(api, upload, now, signal);
  } catch (error) {
    await cancel(api, upload, signal);
    throw error;
  }
  return { ...measured, cancelled: await cancel(api, upload, signal) };
};

async function sendGrowing(api: TrialApi, { id }: ApiUpload, now: () => number, signal: AbortSignal) {
  let sentBytes = 0;
  for (const [index, size] of TRIAL_SIZES.entries()) {
    const isLast = index === TRIAL_SIZES.length - 1;
    const startedAt = now();
    const part = { number: index + 1, offset: sentBytes, size };
    try {
      await api.addPart(uploadId(id), { part, read: () => noise(size) }, signal);
    } catch (error) {
      // Some servers want larger parts.
      if (isLast || !isRefusal(error)) throw error;
      continue;
    }
    sentBytes += size;
    const ms = Math.max(1, now() - startedAt);
    if (isLast || ms > QUICK_MS) return { bytes: size, ms, sentBytes };
  }
  throw new Error('a trial has no parts');
}

const isRefusal = (error: unknown): boolean => error instanceof RequestError && codeOf(error.failure) === 'REJECTED';

/** Bytes that nothing on the way can pack. */
async function* noise(size: number): AsyncGenerator<Uint8Array> {
  const block = crypto.getRandomValues(new Uint8Array(64 * KiB));
  for (let left = size; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
}

/** Whether the server forgot the trial. One that it keeps dies within the hour, and costs nothing. */
const cancel = (api: TrialApi, { id }: ApiUpload, signal: AbortSignal): Promise<boolean> =>
  api.cancel(uploadId(id), AbortSignal.timeout(signal.aborted ? HURRIED_CANCEL_MS : CANCEL_MS)).then(
    () => true,
    () => false,
  );
