import * as v from 'valibot';
import { type ApiFile, FileReply } from './api-file.ts';
import { ByteRange } from './byte-range.ts';
import { type ChecksumKind, checksumKinds } from './checksum.ts';
import { type Destination, destinationFrom, destinationRecord } from './destination.ts';
import { Id } from './ids.ts';
import { type FinishedPart, type PartId, planParts, type UploadId } from './part.ts';
import type { UploadRequest } from './request.ts';

/** Version of the journal's records; a newer one is refused. */
export const MANIFEST_VERSION = 2;

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A Date holds no later one. */
const instant = v.pipe(natural, v.maxValue(8.64e15));
const optionalText = v.optional(v.string());

const Fingerprint = v.object({
  dev: v.string(),
  ino: v.string(),
  size: natural,
  mtimeNs: v.string(),
  ctimeNs: v.string(),
});

/** Which file this is and when it was last touched: a hint that it may have changed. Content decides. */
export type Fingerprint = v.InferOutput<typeof Fingerprint>;

export const isSameFingerprint = (a: Fingerprint, b: Fingerprint): boolean =>
  a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;

const HeaderRecord = v.object({
  type: v.literal('upload'),
  /** Version 1 knew CRC-32 only. */
  version: v.picklist([1, MANIFEST_VERSION]),
  path: v.string(),
  fingerprint: Fingerprint,
  destination: v.pipe(
    v.object({ baseUrl: v.string(), organization: optionalText, project: optionalText }),
    v.transform(destinationFrom),
  ),
  /** Of Azure's classic API, where the upload lives there though the destination names the v1 API. */
  apiVersion: optionalText,
  request: v.object({
    filename: v.string(),
    purpose: v.string(),
    bytes: v.pipe(natural, v.minValue(1)),
    mimeType: v.string(),
    expiresAfterSeconds: v.optional(natural),
  }),
  /** Of a file that was split. */
  range: v.optional(ByteRange),
  partSize: v.pipe(natural, v.minValue(1)),
  md5: v.boolean(),
  checksum: v.optional(v.picklist(checksumKinds)),
  uploadId: Id,
  createdAtMs: instant,
  expiresAtMs: v.optional(instant),
});

const PartRecord = v.object({
  type: v.literal('part'),
  number: v.pipe(natural, v.minValue(1)),
  id: Id,
  size: v.pipe(natural, v.minValue(1)),
  digest: v.pipe(v.string(), v.regex(/^([0-9a-f]{8}|[0-9a-f]{16})$/)),
});

const Record = v.variant('type', [
  HeaderRecord,
  PartRecord,
  v.object({ type: v.literal('source'), path: v.string(), fingerprint: Fingerprint }),
  v.object({ type: v.literal('completing') }),
  v.object({ type: v.literal('refused') }),
  v.object({
    type: v.literal('completed'),
    md5: v.nullable(v.string()),
    file: FileReply,
  }),
]);

/** One line of the journal. `source` re-homes a moved file's upload; `refused` ends a `completing`. */
export type ManifestRecord = v.InferOutput<typeof Record>;
export type ManifestHeader = v.InferOutput<typeof HeaderRecord>;

/** The record as the journal has it. */
export const writtenRecord = (record: ManifestRecord): v.InferInput<typeof Record> =>
  record.type === 'upload' ? { ...record, destination: destinationRecord(record.destination) } : record;

/** The resume record of one upload: all that cannot be worked out again, and never a key. */
export type Manifest = {
  readonly path: string;
  readonly fingerprint: Fingerprint;
  readonly destination: Destination;
  readonly apiVersion?: string | undefined;
  readonly request: UploadRequest;
  readonly range?: ByteRange | undefined;
  readonly partSize: number;
  readonly md5: boolean;
  readonly checksum: ChecksumKind;
  readonly uploadId: UploadId;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly finished: ReadonlyMap<number, FinishedPart>;
  /** `complete` was asked and no definite answer is recorded. */
  readonly completing: boolean;
  readonly completed: { readonly md5: string | null; readonly file: ApiFile } | undefined;
};

/** A record, or nothing where the value is none that this version knows. */
export const parseRecord = (value: unknown): ManifestRecord | undefined => {
  const parsed = v.safeParse(Record, value);
  return parsed.success ? parsed.output : undefined;
};

export const manifestFrom = ({ type: _type, version: _version, uploadId, ...header }: ManifestHeader): Manifest => ({
  ...header,
  checksum: header.checksum ?? 'crc32',
  uploadId: uploadId as UploadId,
  expiresAtMs: header.expiresAtMs,
  finished: new Map(),
  completing: false,
  completed: undefined,
});

/** The manifest after one more record, or nothing where the record contradicts what came before. */
export const withRecord = (manifest: Manifest, record: ManifestRecord): Manifest | undefined => {
  switch (record.type) {
    case 'upload':
      return undefined;
    case 'part':
      return withPart(manifest, { ...record, id: record.id as PartId });
    case 'source':
      return { ...manifest, path: record.path, fingerprint: record.fingerprint };
    case 'completing':
      return { ...manifest, completing: true };
    case 'refused':
      return { ...manifest, completing: false };
    case 'completed':
      return { ...manifest, completing: false, completed: { md5: record.md5, file: record.file } };
    default:
      return record satisfies never;
  }
};

// The map is the manifest's own until it is returned, so 8,000 parts are folded in 8,000 steps.
function withPart(manifest: Manifest, { number, id, size, digest }: FinishedPart): Manifest | undefined {
  if (size !== partSizeAt(manifest, number)) return undefined;
  (manifest.finished as Map<number, FinishedPart>).set(number, { number, id, size, digest });
  return manifest;
}

const partSizeAt = ({ request, partSize }: Manifest, number: number): number =>
  Math.min(partSize, request.bytes - (number - 1) * partSize);

/** All parts of a saved upload, finished or not. */
export const partsOf = ({ request, partSize }: Manifest) => planParts(request.bytes, partSize);
