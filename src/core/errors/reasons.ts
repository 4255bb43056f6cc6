/**
 * Finer words than the code of an error, for scripts: `error.reason`. None is removed or renamed; more may come, and so
 * does `http-<status>` for each status.
 */
export const reasons = [
  'connection-refused',
  'connection-reset',
  'reply-cut-short',
  'reply-too-slow',
  'endless-reply',
  'stalled',
  'timeout',
  'dns',
  'tls',
  'proxy-auth',
  'proxy-refused',
  'proxy-failed',
  'proxy-unreachable',
  'network',
  'network-unreachable',
  'malformed-reply',
  'quota',
  'retry-after-too-long',
  'byte-count',
  'complete-unknown',
  'upload-expired',
  'locked',
  'not-found',
  'not-a-file',
  'unreadable',
  'empty',
  'too-large',
  'changed-while-sent',
  'no-key',
  'other-destination',
  'usage',
  'invalid-lines',
  'differs',
  'not-comparable',
  'fail-fast',
  'wait-timeout',
  'file-processing',
  'size-differs',
  'spool',
  'not-whole',
  'stdout',
  'sigint',
  'sigterm',
  'sighup',
  'aborted',
  'line-too-large',
  'content-changed',
  'state-unreadable',
  'bug',
] as const;

/** What notes and warnings are about: their `reason`. A warning of the check has the name of its rule instead. */
export type NoteReason =
  | 'lock-wait'
  | 'part-size-kept'
  | 'azure-classic'
  | 'looking-for-file'
  | 'notice'
  | 'cancel-failed'
  | 'reading-on'
  | 'deadline'
  | 'check';

export type Reason = (typeof reasons)[number] | `http-${number}`;
