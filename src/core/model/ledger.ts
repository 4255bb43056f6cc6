/** A completed upload that is remembered for `--skip-uploaded`. */
export type LedgerEntry = {
  readonly md5: string;
  readonly bytes: number;
  readonly destination: string;
  readonly purpose: string;
  readonly fileId: string;
  readonly expiresAtMs?: number | undefined;
};

/** Completed uploads. */
export type Ledger = {
  /** Newest first. */
  find(which: Pick<LedgerEntry, 'destination' | 'purpose' | 'bytes'>): Promise<readonly LedgerEntry[]>;
  add(entry: LedgerEntry): Promise<void>;
};
