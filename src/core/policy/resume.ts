import type { Manifest } from '../model/manifest.ts';
import type { StartReason } from '../schema/events/upload.ts';

export type { StartReason };

/** Whether to go on with a saved upload. */
export type Decision =
  | { readonly kind: 'resume'; readonly manifest: Manifest }
  | { readonly kind: 'start'; readonly because: StartReason };

export type Situation = {
  readonly saved: Manifest | undefined;
  readonly size: number;
  readonly restart: boolean;
  /** The server's clock. */
  readonly nowMs: number;
};

/** A saved upload is gone on with unless it cannot be: another size, its hour over, or the user said so. */
export const decide = ({ saved, size, restart, nowMs }: Situation): Decision => {
  if (restart) return { kind: 'start', because: 'asked to' };
  if (!saved) return { kind: 'start', because: 'no manifest' };
  if (saved.request.bytes !== size) return { kind: 'start', because: 'size changed' };
  if (isExpired(saved, nowMs) && !isSettling(saved)) return { kind: 'start', because: 'upload expired' };
  return { kind: 'resume', manifest: saved };
};

/** Past its hour by the server's clock. */
export const isExpired = ({ expiresAtMs }: Pick<Manifest, 'expiresAtMs'>, nowMs: number): boolean =>
  expiresAtMs !== undefined && nowMs >= expiresAtMs;

/** An upload that was asked to complete may have become a File: its hour says nothing about that. */
export const isSettling = ({ completing, completed }: Manifest): boolean => completing || completed !== undefined;

/** One clause for people: why it starts over. */
export const startReasons: Record<StartReason, string> = {
  'no manifest': 'nothing is saved for this file',
  'asked to': '--restart was given',
  'size changed': 'the file has another size now',
  'content changed': 'the file has other content now',
  'upload expired': 'the upload expired',
  'upload gone': 'the server no longer has the saved upload',
  'orphans counted': 'the server counted a part whose answer was lost',
  'nothing completed': 'the server had not completed the upload',
};

/** A refusal of an upload, and what may explain it. */
export type Refused = {
  /** HTTP status, or nothing where the run itself saw that the hour is over. */
  readonly status: number | undefined;
  readonly endpoint: 'part' | 'complete';
  /** The upload is of an earlier run. */
  readonly saved: boolean;
  /** The server accepted something of this upload in this run. */
  readonly accepted: boolean;
  /** The server may hold a part that we do not list. */
  readonly orphans: boolean;
  /** Its hour is over by the server's clock. */
  readonly expired: boolean;
};

/** Answers of a server that no longer has a saved upload: none is documented, servers differ. */
const GONE = [400, 404, 409, 410, 413];

/** Answers of a server that counts parts which we do not list. */
const COUNTED = [400, 409, 413, 422];

/** Why the upload would do better from its first byte, if it would. */
export const startOverReason = (refused: Refused): StartReason | undefined => {
  const { status, saved, accepted, orphans, expired } = refused;
  if (status === undefined) return expired ? 'upload expired' : undefined;
  if (expired && status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)) return 'upload expired';
  if (saved && !accepted && GONE.includes(status)) return 'upload gone';
  return orphans && COUNTED.includes(status) ? 'orphans counted' : undefined;
};
