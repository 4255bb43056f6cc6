import { UploadError } from '../../core/errors/errors.ts';
import { WrongReply } from '../../core/errors/wrong-reply.ts';
import {
  type ApiFile,
  type ApiUpload,
  parseCompletion,
  parseFile,
  parsePart,
  parseUpload,
  partId,
} from '../../core/model/api.ts';
import type { FileId, PartId, UploadId } from '../../core/model/part.ts';
import type { UploadRequest } from '../../core/model/request.ts';

// A reply counts only where it is about the very thing that was requested. A WrongReply names what is wrong.

/** The new Upload that `create` answered. Servers differ in what they call its first status. */
export const believeCreated = (json: unknown, request: UploadRequest): ApiUpload => {
  const upload = parseUpload(json);
  if (['completed', 'cancelled', 'expired'].includes(upload.status ?? ''))
    throw new WrongReply(`its status is ${upload.status}`);
  if (typeof upload.bytes === 'number' && upload.bytes !== request.bytes)
    throw new WrongReply(`it is of ${upload.bytes} bytes`);
  return expiresBeforeItBegins(upload) ? { ...upload, expires_at: undefined } : upload;
};

/** OpenAI's own example has such a pair: its expiry says nothing. */
const expiresBeforeItBegins = ({ created_at, expires_at }: ApiUpload): boolean =>
  created_at != null && expires_at != null && expires_at <= created_at;

/** An Upload, of this id. */
export const believeUpload = (json: unknown, id: UploadId): ApiUpload => {
  const upload = parseUpload(json);
  if (upload.id !== id) throw new WrongReply('it is of another upload');
  return upload;
};

/** A File, of this id. */
export const believeFile = (json: unknown, id: FileId): ApiFile => {
  const file = parseFile(json);
  if (file.id !== id) throw new WrongReply('it is of another file');
  return file;
};

/** The id of a Part of this Upload. */
export const believePart = (json: unknown, id: UploadId): PartId => {
  const part = parsePart(json);
  if (part.upload_id != null && part.upload_id !== id) throw new WrongReply('it is of another upload');
  return partId(part.id);
};

/** The File of this completed Upload, or a bare File, as some servers answer; of exactly these bytes. */
export const believeCompleted = (json: unknown, id: UploadId, bytes: number): ApiFile => {
  const reply = parseCompletion(json);
  const file = reply.object === 'file' ? requireBytes(reply as ApiFile) : fileOf(reply as ApiUpload, id, bytes);
  if (file.bytes != null && file.bytes !== bytes) throw otherByteCount(file, bytes);
  return file;
};

const requireBytes = (file: ApiFile): ApiFile => {
  if (file.bytes == null) throw new WrongReply('a File without a byte count');
  return file;
};

const fileOf = (upload: ApiUpload, id: UploadId, bytes: number): ApiFile => {
  if (upload.id !== id) throw new WrongReply('it is of another upload');
  if (upload.status !== 'completed') throw new WrongReply(`its status is ${upload.status ?? 'missing'}`);
  if (!upload.file) throw new WrongReply('it holds no File');
  // A File whose size is not known yet is fine where the Upload's bytes match.
  if (upload.file.bytes == null && upload.bytes !== bytes)
    throw new WrongReply('neither the File nor the Upload has our byte count');
  return upload.file;
};

const otherByteCount = (file: ApiFile, bytes: number) =>
  new UploadError('INTEGRITY', `the server made a File of ${file.bytes} bytes from a file of ${bytes}`, {
    reason: 'byte-count',
    hint: `do not use ${file.id}; run the same command again to upload anew`,
  });
