import type { UploadError } from './errors/errors.ts';
import type { TransferEvent } from './events/events.ts';
import type { ApiFile, ApiUpload, FilePage } from './model/api.ts';
import type { CheckReport, CheckRequest } from './model/check.ts';
import type { ChecksumKind, PartChecksum, RunningChecksum } from './model/checksum.ts';
import type { Destination } from './model/destination.ts';
import type { Fingerprint, Manifest, ManifestHeader } from './model/manifest.ts';
import type { FileId, FinishedPart, Part, PartId, UploadId } from './model/part.ts';
import type { UploadRequest } from './model/request.ts';

/** A part's body: `read` starts afresh for every attempt, so none inherits another's half-read stream. */
export type PartBody = { readonly part: Part; read(): AsyncIterable<Uint8Array> };

/** The answer to a part, and how to ask the server's people about it. */
export type AcceptedPart = {
  readonly id: PartId;
  readonly httpStatus: number;
  readonly requestId: string | undefined;
};

/** The Uploads and Files API. Every call is one attempt; a failure is a `RequestError` that says whether to try again. */
export type UploadsApi = {
  create(request: UploadRequest, signal: AbortSignal): Promise<ApiUpload>;
  addPart(uploadId: UploadId, body: PartBody, signal: AbortSignal): Promise<AcceptedPart>;
  /**
   * The completed Upload's File, of exactly `bytes` bytes: another count is an INTEGRITY error.
   * `md5` is lower-case hex of the whole file, left out where there is none.
   */
  complete(
    uploadId: UploadId,
    partIds: readonly PartId[],
    whole: { readonly md5: string | undefined; readonly bytes: number },
    signal: AbortSignal,
  ): Promise<Completion>;
  cancel(uploadId: UploadId, signal: AbortSignal): Promise<ApiUpload>;
  /** Newest first. */
  files(
    query: { readonly purpose: string; readonly after?: string | undefined; readonly limit?: number },
    signal: AbortSignal,
  ): Promise<FilePage>;
  file(id: FileId, signal: AbortSignal): Promise<ApiFile>;
  /** The same, and when the server wants to be asked again. */
  poll(id: FileId, signal: AbortSignal): Promise<{ readonly file: ApiFile; readonly againMs: number | undefined }>;
  content(id: FileId, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Version of Azure's classic API, where `create` found it and not the v1 API: calls go to it from then on. */
  classic(): string | undefined;
  /** Goes on with what was begun there. */
  useClassic(version: string): void;
  /** The server's clock, from the `Date` of its latest answer; the local one until there was an answer. */
  now(): number;
  /** The least milliseconds that a connection took to be made, if one was. */
  roundTripMs(): number | undefined;
};

/** What `complete` was answered, already believed: of this upload, completed, with a File. */
export type Completion = { readonly file: ApiFile };

/** Digests of one pass over the file. */
export type PassDigest = {
  readonly md5: string | undefined;
  readonly parts: ReadonlyMap<number, PartChecksum>;
  readonly check?: CheckReport | undefined;
};

/** Which bytes a pass covers: the whole file in order, or only some of its parts (then without md5). */
export type Pass = {
  readonly parts: readonly Part[];
  readonly md5: boolean;
  readonly checksum: ChecksumKind;
  /** The pass ends with an error where the check does. */
  readonly check?: CheckRequest | undefined;
  /** Called in order, as soon as a part's digest is known. */
  readonly onPart?: ((number: number, digest: PartChecksum) => void) | undefined;
  readonly onProgress?: ((bytes: number) => void) | undefined;
};

/** What a pass makes of each byte, besides the checksums of the parts. */
export type PassWork = Pick<Pass, 'md5' | 'check'> & {
  /** Much was sent before: sending will not need the other cores. */
  readonly resumes?: boolean;
};

/** A range that is read once. */
export type Reading = {
  /**
   * Ends with an error, never short, where the file ends before the range does. A chunk is valid until the next one is
   * read: its memory is used again.
   */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Of all bytes, once they ended. */
  digest(): PartChecksum;
};

/** Where bytes come from: one open descriptor, so every read and digest is of the same file. */
export type Source = {
  readonly path: string;
  readonly realPath: string;
  readonly fingerprint: Fingerprint;
  /** It was not changed so lately that another change might leave its times as they are. */
  readonly isAtRest: boolean;
  /** Settles once the first `bytes` bytes can be read: at once for a file. Rejects where they never will be there. */
  arrived(bytes: number, signal: AbortSignal): Promise<void>;
  /** Without a kind no checksum is made. */
  read(part: Part, checksum: ChecksumKind | undefined): Reading;
  /** The file is about to be sent, with such a pass over it. */
  prepare(work: PassWork): void;
  /** Waits for what has not arrived. */
  digest(pass: Pass, signal: AbortSignal): Promise<PassDigest>;
  /** The descriptor's fingerprint now, and the path's: another file may stand there, or none. */
  fingerprintNow(): Promise<{ readonly descriptor: Fingerprint; readonly path: Fingerprint | undefined }>;
  close(): Promise<void>;
};

/** The journal of one upload. Each write is durable when its promise settles. */
export type Journal = {
  manifest(): Manifest;
  /** Whether another process could go on from here. */
  readonly durable: boolean;
  checkpoint(part: FinishedPart): Promise<void>;
  /** The upload belongs to the file at another path from here on. */
  rehome(realPath: string, fingerprint: Fingerprint): Promise<void>;
  completing(): Promise<void>;
  refused(): Promise<void>;
  completed(md5: string | undefined, file: ApiFile): Promise<void>;
  /** The upload is no longer remembered. */
  forget(): Promise<void>;
  close(): Promise<void>;
};

/** Which saved uploads may be this one. */
export type UploadIdentity = {
  readonly destination: Destination;
  readonly request: UploadRequest;
  readonly realPath: string;
};

/** Saved uploads on disk. */
export type ManifestStore = {
  /** The journal of this destination, request and path, whatever size it was made for. */
  own(identity: UploadIdentity): Promise<SavedUpload | undefined>;
  /** Those of other paths with the same destination, request and size. */
  elsewhere(identity: UploadIdentity): Promise<readonly SavedUpload[]>;
  list(): Promise<readonly SavedUpload[]>;
  create(header: Omit<ManifestHeader, 'type' | 'version'>): Promise<Journal>;
};

/** A saved upload that can be opened for more records, or dropped. */
export type SavedUpload = {
  readonly manifest: Manifest;
  open(): Promise<Journal>;
  /** Re-homes the journal of a moved or copied file, then opens it. */
  adopt(identity: UploadIdentity, fingerprint: Fingerprint): Promise<Journal>;
  forget(): Promise<void>;
};

/** One run at a time for each name. The lock dies with its process, and reaches every machine that shares it. */
export type Locks = {
  /** Throws LOCKED, naming the holder, if it is still held after `waitMs`. */
  acquire(name: string, waitMs: number, signal: AbortSignal): Promise<Release>;
};
export type Release = () => Promise<void>;

export type Clock = {
  /** The wall clock, in milliseconds since the epoch: for instants that are written down or that others name. It may jump. */
  now(): number;
  /** Milliseconds since an instant that means nothing: for durations, waits and rates. It never jumps. */
  monotonic(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

/** p-limit's call signature and its settable `concurrency`. */
export type Limit = { <T>(effect: () => Promise<T>): Promise<T>; concurrency: number };

/** Checksums of parts. */
export type Checksums = {
  /** Of new uploads. */
  readonly preferred: ChecksumKind;
  start(kind: ChecksumKind): Promise<RunningChecksum>;
};

/** Shows what happens to people, or to a program on stderr. */
export type Reporter = {
  event(path: string, event: TransferEvent): void;
  failed(path: string, error: UploadError): void;
  /** A line that belongs to no file. */
  notice(message: string): void;
  /** Everything is shown and the cursor is back. */
  close(): void;
};
