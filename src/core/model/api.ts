import * as v from 'valibot';
import { WrongReply } from '../errors/wrong-reply.ts';
import { type ApiFile, describedFields, FileReply } from './api-file.ts';
import { Id } from './ids.ts';
import type { FileId, PartId, UploadId } from './part.ts';

// Replies of the API, parsed once, where they arrive: fields that matter are required, odd ones that do not are ignored.

const UploadReply = v.object({
  ...describedFields,
  object: v.nullish(v.literal('upload')),
  file: v.nullish(FileReply),
});

const PartReply = v.object({
  id: Id,
  object: v.nullish(v.literal('upload.part')),
  upload_id: v.nullish(v.string()),
});

const FilePageReply = v.object({
  data: v.array(FileReply),
  has_more: v.fallback(v.nullish(v.boolean()), undefined),
});

export type { ApiFile };
export type ApiUpload = v.InferOutput<typeof UploadReply>;
export type ApiPart = v.InferOutput<typeof PartReply>;
export type FilePage = v.InferOutput<typeof FilePageReply>;

export const parseFile = (reply: unknown): ApiFile => parsed(FileReply, reply);
export const parseUpload = (reply: unknown): ApiUpload => parsed(UploadReply, reply);
export const parsePart = (reply: unknown): ApiPart => parsed(PartReply, reply);
export const parseFilePage = (reply: unknown): FilePage => parsed(FilePageReply, reply);

/** An answer to `complete`: an Upload that holds the File, or, as some servers do it, the bare File. */
export const parseCompletion = (reply: unknown): ApiUpload | ApiFile =>
  (reply as { object?: unknown } | null | undefined)?.object === 'file' ? parseFile(reply) : parseUpload(reply);

function parsed<Schema extends v.GenericSchema>(schema: Schema, reply: unknown): v.InferOutput<Schema> {
  const { success, output, issues } = v.safeParse(schema, reply);
  if (success) return output;
  throw new WrongReply(troubleOf(issues[0]));
}

/** In the words of the API, not of the validator. */
const troubleOf = (issue: v.BaseIssue<unknown>): string => {
  const field = v.getDotPath(issue);
  if (field === null) return 'it is not a JSON object';
  if (issue.received === 'undefined') return `the field "${field}" is missing`;
  return `the field "${field}" ${issue.type === 'regex' ? 'is not an id' : 'is of another type'}`;
};

/** The only places where a string becomes an identifier. */
export const uploadId = (id: string): UploadId => id as UploadId;
export const partId = (id: string): PartId => id as PartId;
export const fileId = (id: string): FileId => id as FileId;
