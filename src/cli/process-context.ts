/** What a run is given of its process. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Writes a command for the program that reads stderr, like `::error::` for GitHub Actions. */
  annotate(command: string): void;
  /** Aborted by the first interrupt; its reason is the error of the run. */
  readonly signal: AbortSignal;
  /** Opened when it is called: a command that never reads stdin leaves it alone. */
  stdin(): NodeJS.ReadStream;
  readonly version: string;
};
