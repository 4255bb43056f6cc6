import { UploadError } from '../core/errors/errors.ts';
import { asRunError, RequestError } from '../core/errors/request-error.ts';
import { type ApiFile, fileId } from '../core/model/api.ts';
import { planParts } from '../core/model/part.ts';
import type { Source } from '../core/ports.ts';
import type { FileRun } from './run.ts';

/** What could be compared, and how that came out. */
export type Verification = {
  readonly bytes: number;
  /** Null where the server does not say. */
  readonly remote_bytes: number | null;
  readonly md5: string | null;
  readonly remote_md5: string | null;
  readonly content: 'same' | 'differs' | 'unreadable';
  /** Why the content could not be read. */
  readonly refusal?: string;
};

/** A running md5. */
export type Hash = { update(bytes: Uint8Array): unknown; digest(encoding: 'hex'): string };

export type Verify = { readonly path: string; readonly id: string; md5(): Hash };

/** Compares a local file with what the server holds: bytes first, then the content, as it streams by. */
export const verifyFile = async (verify: Verify, run: FileRun, signal: AbortSignal): Promise<Verification> => {
  const source = await run.openSource(verify.path);
  try {
    return await compare(source, verify, run, signal);
  } catch (error) {
    throw error instanceof RequestError ? asRunError(error) : error;
  } finally {
    await source.close();
  }
};

async function compare(source: Source, verify: Verify, run: FileRun, signal: AbortSignal): Promise<Verification> {
  const file = await retrieve(verify.id, run, signal);
  const { size: bytes } = source.fingerprint;
  const sizes = { bytes, remote_bytes: file.bytes ?? null, md5: null, remote_md5: null };
  if (file.bytes != null && file.bytes !== bytes) return { ...sizes, content: 'differs' };
  const remote = await remoteMd5(verify, bytes, run, signal);
  if ('refusal' in remote) {
    if (file.bytes == null) throw nothingToCompare(verify.id, remote.refusal);
    return { ...sizes, content: 'unreadable', refusal: remote.refusal };
  }
  const pass = { parts: planParts(bytes, PART_BYTES), md5: true, checksum: run.checksums.preferred };
  const { md5 = null } = await source.digest(pass, signal);
  if ('longer' in remote) return { ...sizes, md5, content: 'differs' };
  return { ...sizes, md5, remote_md5: remote.md5, content: md5 === remote.md5 ? 'same' : 'differs' };
}

/** Any will do: only the md5 of the whole is looked at. */
const PART_BYTES = 64 * 1024 ** 2;

const retrieve = async (id: string, { requests, api, emit }: FileRun, signal: AbortSignal): Promise<ApiFile> =>
  (await requests.send({ endpoint: 'file', emit, attempt: () => api.poll(fileId(id), signal) }, signal)).file;

/** `longer`: than the file here, and so another one; what follows is not read. */
type Remote = { readonly md5: string } | { readonly longer: true } | { readonly refusal: string };

/** Each attempt reads from the first byte: a broken stream cannot be gone on with. */
async function remoteMd5(
  { id, md5 }: Verify,
  bytes: number,
  { requests, api, emit }: FileRun,
  signal: AbortSignal,
): Promise<Remote> {
  const attempt = async (): Promise<Remote> => {
    const hash = md5();
    let received = 0;
    for await (const chunk of api.content(fileId(id), signal)) {
      hash.update(chunk);
      received += chunk.length;
      if (received > bytes) return { longer: true };
      emit({ type: 'content.progress', received, bytes });
    }
    return { md5: hash.digest('hex') };
  };
  try {
    return await requests.send({ endpoint: 'content', emit, attempt, isFinal: isRefused }, signal);
  } catch (error) {
    if (error instanceof RequestError && isRefused(error)) return { refusal: error.message };
    throw error;
  }
}

/** The File was just found with this key: then even a 403 is about its content. */
const isRefused = ({ failure: { status = 0 } }: RequestError): boolean =>
  status >= 400 && status < 500 && ![401, 408, 429].includes(status);

const nothingToCompare = (id: string, refusal: string): UploadError =>
  new UploadError('UNCERTAIN', `the server tells neither the size nor the content of ${id}: ${refusal}`, {
    reason: 'not-comparable',
  });

/** The error that a difference ends the command with. */
export const differs = (id: string, { bytes, remote_bytes, md5, remote_md5 }: Verification): UploadError =>
  new UploadError(
    'INTEGRITY',
    bytes === remote_bytes || remote_bytes === null
      ? contentDiffers(id, { bytes, md5, remote_md5 })
      : `the size differs: ${bytes} bytes here, ${remote_bytes} in ${id}`,
    { reason: 'differs', hint: 'the file is another one, or it changed since it was uploaded' },
  );

const contentDiffers = (
  id: string,
  { bytes, md5, remote_md5 }: Pick<Verification, 'bytes' | 'md5' | 'remote_md5'>,
): string =>
  remote_md5 === null
    ? `the content differs: ${bytes} bytes here, more in ${id}`
    : `the content differs: md5 ${md5} here, ${remote_md5} in ${id}`;
