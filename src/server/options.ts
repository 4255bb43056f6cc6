import type { Endpoint, Fault } from './faults/fault.ts';

export type ServerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Everything is kept here, and a later server on the same folder goes on with it. */
  readonly dir: string;
  /** Without one any bearer will do; a missing bearer is still 401. */
  readonly key?: string;
  /** Of an Upload; one hour unless told. */
  readonly lifetimeMs?: number;
  /** A File is `uploaded` for so long after its Upload was completed, then `processed`, or `error` where it fails. */
  readonly processing?: { readonly ms: number; readonly fails?: boolean };
  /** Added before each answer. */
  readonly latencyMs?: number;
  /** Each connection's body is read no faster. */
  readonly bytesPerSecond?: number;
  /** A further part body at once is refused: 503 with `Retry-After: 1`. */
  readonly maxInflight?: number;
  readonly faults?: readonly Fault[];
  /** As some compatible servers do: every stored part counts towards the Upload's bytes, listed or not. */
  readonly countOrphans?: boolean;
  /** As some compatible servers do: `complete` answers the bare File. */
  readonly completeAnswersFile?: boolean;
  /** Called for each request when its exchange is over, answered or not. */
  readonly onRequest?: (log: RequestLog) => void;
};

/** One request, as it went. */
export type RequestLog = {
  readonly method: string;
  readonly path: string;
  /** Absent for a path that is none of ours. */
  readonly endpoint?: Endpoint;
  /** Absent when no answer left. */
  readonly status?: number;
  /** Of the request's body, envelope included, as far as it was read. */
  readonly bytesReceived: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The part's number, where its head was read. */
  readonly part?: number;
  /** Counted from 1 for each endpoint, for each part of each Upload; absent when refused before it was counted. */
  readonly attempt?: number;
  readonly fault?: Fault['do'];
  readonly requestId: string;
  /** The connection ended before the whole answer was out. */
  readonly closedEarly: boolean;
};

export type RunningServer = {
  /** The base URL, `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  /** Ends open and stalled connections too. */
  close(): Promise<void>;
};
