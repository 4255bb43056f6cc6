import type { Endpoint } from '../events/events.ts';

/** One request as `-v` and `--log-file` tell it. It never holds a body, a key or another secret. */
export type RequestRecord = {
  /** When it began. */
  readonly atMs: number;
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly url: string;
  /** From 1; the same request sent again after a failure has the next one. */
  readonly attempt: number;
  /** Absent where no answer came. */
  readonly status: number | undefined;
  /** Of bodies; of the answer's as it was unpacked. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly durationMs: number;
  readonly requestId: string | undefined;
  /** Why there is no whole answer, as a stable word. */
  readonly failure: string | undefined;
  /** With `-vv`. */
  readonly detail: RequestDetail | undefined;
};

export type RequestDetail = {
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly connection: {
    readonly reused: boolean;
    readonly local: string | undefined;
    readonly remote: string | undefined;
  };
  /** Milliseconds of each phase that was passed. */
  readonly timings: Readonly<Record<string, number>>;
};
