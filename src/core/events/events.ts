import type { NoteReason, Reason } from '../errors/reasons.ts';
import type { StartReason } from '../policy/resume.ts';

/** Why a request is tried again, in words and in a stable reason. */
export type Trouble = {
  readonly reason: Reason;
  readonly message: string;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
};

/** The calls of the API. */
export type Endpoint = 'create' | 'part' | 'complete' | 'cancel' | 'files' | 'file' | 'content' | 'models';

/** What happens to one file, in order. Names and fields are public: `--progress=json` prints them. Bytes are the file's. */
export type TransferEvent =
  | { readonly type: 'upload.planned'; readonly bytes: number; readonly parts: number; readonly partSize: number }
  /** Absolute: bytes of stdin so far, which are kept in a file before they are sent. */
  | { readonly type: 'stdin.progress'; readonly received: number }
  | { readonly type: 'upload.creating' }
  | { readonly type: 'upload.created'; readonly uploadId: string; readonly expiresAtMs: number | undefined }
  | {
      readonly type: 'upload.resumed';
      readonly uploadId: string;
      readonly expiresAtMs: number | undefined;
      readonly parts: number;
      readonly bytes: number;
    }
  /** What was sent so far is thrown away and the file starts from its first byte. */
  | { readonly type: 'upload.restarted'; readonly because: StartReason }
  /** A saved part no longer matches the file: it is sent again. */
  | { readonly type: 'part.changed'; readonly part: number; readonly size: number }
  | { readonly type: 'part.started'; readonly part: number; readonly attempt: number; readonly size: number }
  /** Absolute: bytes of this attempt so far. */
  | { readonly type: 'part.progress'; readonly part: number; readonly attempt: number; readonly sent: number }
  | {
      readonly type: 'part.retrying';
      readonly part: number;
      readonly attempt: number;
      readonly sent: number;
      readonly delayMs: number;
      readonly error: Trouble;
    }
  /** The server has it; it is finished once that is on disk too. */
  | {
      readonly type: 'part.accepted';
      readonly part: number;
      readonly attempt: number;
      readonly httpStatus: number;
      readonly requestId?: string | undefined;
    }
  | { readonly type: 'part.finished'; readonly part: number; readonly size: number; readonly partId: string }
  /** The attempt ended because the run did: what it sent is lost. */
  | { readonly type: 'part.stopped'; readonly part: number; readonly attempt: number; readonly sent: number }
  | {
      readonly type: 'request.retrying';
      readonly endpoint: Endpoint;
      readonly attempt: number;
      readonly delayMs: number;
      readonly error: Trouble;
    }
  /** No request starts before this instant, at the server's word. */
  | { readonly type: 'gate.closed'; readonly untilMs: number; readonly delayMs: number }
  /** Absolute: bytes hashed so far. */
  | { readonly type: 'digest.progress'; readonly hashed: number }
  | { readonly type: 'upload.completing'; readonly uploadId: string }
  | {
      readonly type: 'upload.completed';
      readonly uploadId: string;
      readonly fileId: string;
      /** What `complete` was given to verify. */
      readonly md5?: string | undefined;
      readonly fileExpiresAtMs?: number | undefined;
    }
  /** With --skip-uploaded: an earlier run uploaded these bytes, and the server still has them. */
  | { readonly type: 'upload.skipped'; readonly fileId: string }
  /** With --wait: not processed yet; again at each answer. */
  | { readonly type: 'file.processing'; readonly fileId: string; readonly status: string | null }
  | { readonly type: 'file.processed'; readonly fileId: string }
  /** Absolute: bytes of the File that were read back. */
  | { readonly type: 'content.progress'; readonly received: number; readonly bytes: number }
  /** `reason` is a word of notes, or the name of a rule of the check. */
  | { readonly type: 'warning'; readonly reason: string; readonly message: string; readonly hint?: string | undefined }
  | { readonly type: 'note'; readonly reason: NoteReason; readonly message: string };

/** The one sink of what happens. In a test: `events.push.bind(events)`. */
export type Emit = (event: TransferEvent) => void;
