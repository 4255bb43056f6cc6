/** What a run is given of its process. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted by the first interrupt; its reason is the error of the run. */
  readonly signal: AbortSignal;
  readonly version: string;
};
