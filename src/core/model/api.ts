import * as v from 'valibot';
import type { ApiFile } from './api-file.ts';
import type { FileId, PartId, UploadId } from './part.ts';

// What the API answers, parsed once at its edge: fields that matter are required, unknown ones pass.

const text = v.pipe(v.string(), v.nonEmpty());
const optionalNumber = v.nullish(v.number());

/** What a File and an Upload both tell of themselves. */
const described = {
  id: text,
  bytes: optionalNumber,
  created_at: optionalNumber,
  expires_at: optionalNumber,
  filename: v.nullish(v.string()),
  purpose: v.nullish(v.string()),
  status: v.nullish(v.string()),
};

const FileReply = v.looseObject({ ...described, object: v.nullish(v.literal('file')) });

const UploadReply = v.looseObject({
  ...described,
  object: v.nullish(v.literal('upload')),
  file: v.nullish(FileReply),
});

const PartReply = v.looseObject({
  id: text,
  object: v.nullish(v.literal('upload.part')),
  upload_id: v.nullish(v.string()),
});

const FilePageReply = v.looseObject({
  data: v.array(FileReply),
  has_more: v.nullish(v.boolean()),
});

export type { ApiFile };
export type ApiUpload = v.InferOutput<typeof UploadReply>;
export type ApiPart = v.InferOutput<typeof PartReply>;
export type FilePage = v.InferOutput<typeof FilePageReply>;

export const parseFile = (reply: unknown): ApiFile => v.parse(FileReply, reply);
export const parseUpload = (reply: unknown): ApiUpload => v.parse(UploadReply, reply);
export const parsePart = (reply: unknown): ApiPart => v.parse(PartReply, reply);
export const parseFilePage = (reply: unknown): FilePage => v.parse(FilePageReply, reply);

/** An answer to `complete`: an Upload holding the File, or, as some servers do it, the bare File. */
export const parseCompletion = (reply: unknown): ApiUpload | ApiFile =>
  v.parse(v.union([BareFileReply, UploadReply]), reply);
const BareFileReply = v.looseObject({ ...FileReply.entries, object: v.literal('file') });

/** The only places where a string becomes an identifier. */
export const uploadId = (id: string): UploadId => id as UploadId;
export const partId = (id: string): PartId => id as PartId;
export const fileId = (id: string): FileId => id as FileId;
