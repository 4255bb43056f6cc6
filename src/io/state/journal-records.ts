import {
  MANIFEST_VERSION,
  type Manifest,
  type ManifestRecord,
  manifestFrom,
  parseRecord,
  withRecord,
  writtenRecord,
} from '../../core/model/manifest.ts';
import { openLine, sealLine } from './checksummed-line.ts';

// One sealed record a line. A line that is torn, flipped or unknown ends what is trusted.

/** A record as its line. */
export const sealRecord = (record: ManifestRecord): string => sealLine(writtenRecord(record));

/** What a journal's bytes tell. */
export type JournalReading =
  /** `trustedBytes`: the whole, sealed, consistent lines; what is behind them is not trusted. */
  | { readonly kind: 'manifest'; readonly manifest: Manifest; readonly trustedBytes: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'unreadable' };

/** Reads as much of a journal as can be trusted. Never throws. */
export const readJournal = (bytes: Buffer): JournalReading => {
  let manifest: Manifest | undefined;
  let trustedBytes = 0;
  for (let start = 0, end = bytes.indexOf(10); end !== -1; start = end + 1, end = bytes.indexOf(10, start)) {
    const value = openLine(bytes.toString('utf8', start, end));
    const newer = manifest ? undefined : newerVersion(value);
    if (newer !== undefined) return { kind: 'newer', version: newer };
    const next = withNext(manifest, value);
    if (!next) break;
    manifest = next;
    trustedBytes = end + 1;
  }
  return manifest ? { kind: 'manifest', manifest, trustedBytes } : { kind: 'unreadable' };
};

const withNext = (manifest: Manifest | undefined, value: unknown): Manifest | undefined => {
  const record = parseRecord(value);
  if (!record) return undefined;
  if (manifest) return withRecord(manifest, record);
  return record.type === 'upload' ? manifestFrom(record) : undefined;
};

const newerVersion = (value: unknown): number | undefined => {
  const version = (value as { version?: unknown } | undefined)?.version;
  return typeof version === 'number' && version > MANIFEST_VERSION ? version : undefined;
};
