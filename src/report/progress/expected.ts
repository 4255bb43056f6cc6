/** What all files of a run come to, as far as they have been looked at. */
export type Expected = {
  /** Each counted once. */
  readonly files: number;
  readonly bytes: number;
  /** Otherwise more files may be found: these are so many at least. */
  readonly isWhole: boolean;
};
