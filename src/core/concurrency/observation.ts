/** What happened to one attempt at a part. */
export type Observation = { readonly attempt: number; readonly atMs: number } & (
  | { readonly type: 'started'; readonly bytes: number }
  /** Bytes handed over so far. */
  | { readonly type: 'progress'; readonly sent: number }
  | { readonly type: 'accepted'; readonly bytes: number }
  /** Refused with 429 or 503. */
  | { readonly type: 'overloaded' }
  /** Any other end. */
  | { readonly type: 'ended' }
);
