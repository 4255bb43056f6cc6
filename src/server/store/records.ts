import * as v from 'valibot';

const UploadRecord = v.object({
  id: v.string(),
  bytes: v.number(),
  filename: v.string(),
  purpose: v.string(),
  mimeType: v.string(),
  status: v.picklist(['pending', 'completed', 'cancelled', 'expired']),
  createdAtMs: v.number(),
  lifetimeMs: v.number(),
  fileLifetimeSeconds: v.exactOptional(v.number()),
});

const FileRecord = v.object({
  id: v.string(),
  bytes: v.number(),
  filename: v.string(),
  purpose: v.string(),
  createdAtMs: v.number(),
  lifetimeSeconds: v.exactOptional(v.number()),
  processing: v.exactOptional(v.object({ untilMs: v.number(), fails: v.boolean() })),
  /** The content's name in the File's folder. */
  contentName: v.string(),
});

/** An Upload as the folder keeps it. */
export type UploadRecord = Readonly<v.InferOutput<typeof UploadRecord>>;
/** A File as the folder keeps it. */
export type FileRecord = Readonly<v.InferOutput<typeof FileRecord>>;

export const parseUploadRecord = (text: string): UploadRecord => v.parse(UploadRecord, JSON.parse(text));
export const parseFileRecord = (text: string): FileRecord => v.parse(FileRecord, JSON.parse(text));

export const expiresAtMs = (upload: UploadRecord): number => upload.createdAtMs + upload.lifetimeMs;

export const isGone = ({ createdAtMs, lifetimeSeconds }: FileRecord): boolean =>
  lifetimeSeconds !== undefined && Date.now() >= createdAtMs + lifetimeSeconds * 1000;

/** The Upload object of the API. Its hour is never told longer than it is by more than the second's rounding. */
export const uploadObject = (upload: UploadRecord, file?: FileRecord): object => ({
  id: upload.id,
  object: 'upload',
  bytes: upload.bytes,
  created_at: seconds(upload.createdAtMs),
  expires_at: seconds(upload.createdAtMs) + Math.ceil(upload.lifetimeMs / 1000),
  filename: upload.filename,
  purpose: upload.purpose,
  status: upload.status,
  ...(file && { file: fileObject(file) }),
});

/** The File object of the API. */
export const fileObject = (file: FileRecord): object => ({
  id: file.id,
  object: 'file',
  bytes: file.bytes,
  created_at: seconds(file.createdAtMs),
  ...(file.lifetimeSeconds !== undefined && { expires_at: seconds(file.createdAtMs) + file.lifetimeSeconds }),
  filename: file.filename,
  purpose: file.purpose,
  ...statusOf(file),
});

/** How long a File is still being processed. */
export const processingLeftMs = ({ processing }: FileRecord): number =>
  Math.max(0, (processing?.untilMs ?? 0) - Date.now());

const statusOf = (file: FileRecord): object => {
  if (processingLeftMs(file) > 0) return { status: 'uploaded' };
  return file.processing?.fails
    ? { status: 'error', status_details: 'The file could not be processed.' }
    : { status: 'processed' };
};

export const seconds = (ms: number): number => Math.floor(ms / 1000);
