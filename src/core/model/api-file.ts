/** A File as the server gave it: unknown fields are kept. Public: it is in results. */
export type ApiFile = {
  readonly id: string;
  readonly object?: 'file' | null | undefined;
  readonly bytes?: number | null | undefined;
  /** Seconds since the epoch. */
  readonly created_at?: number | null | undefined;
  readonly expires_at?: number | null | undefined;
  readonly filename?: string | null | undefined;
  readonly purpose?: string | null | undefined;
  readonly status?: string | null | undefined;
  readonly [field: string]: unknown;
};
