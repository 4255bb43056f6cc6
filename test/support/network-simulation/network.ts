/** A line and the server at its end, as data. */
export type Network = {
  readonly name: string;
  /** Of one connection. */
  readonly connectionMBps: number;
  /** Of all connections together. */
  readonly totalMBps: number;
  /** There and back. */
  readonly latencyMs: number;
  /** Every `everyMs` each connection's rate is drawn anew, up to so much below or above; latency varies alike. */
  readonly jitter?: { readonly share: number; readonly everyMs: number };
  /** A connection stands still now and then, or breaks. */
  readonly loss?: {
    readonly everyMs: number;
    readonly stalls: number;
    readonly stallMs: number;
    readonly resets: number;
  };
  /** The line alternates between all and a share of its rates. */
  readonly bursts?: { readonly fullMs: number; readonly lowMs: number; readonly share: number };
  /** Connections of others on the same line: each gets as much of the total as one of ours. */
  readonly others?: number;
  /** A further body at once is refused: 503 with `Retry-After: 1`. */
  readonly atMost?: number;
};

const line = { connectionMBps: 20, totalMBps: 10_000, latencyMs: 30 } as const;

export const networks: readonly Network[] = [
  { ...line, name: 'per-connection cap 20 MB/s' },
  { ...line, name: 'total cap 100 MB/s', connectionMBps: 60, totalMBps: 100 },
  { ...line, name: 'latency 5 ms, both caps', totalMBps: 200, latencyMs: 5 },
  { ...line, name: 'latency 300 ms', latencyMs: 300 },
  { ...line, name: 'jitter 60 %', jitter: { share: 0.6, everyMs: 300 } },
  { ...line, name: 'loss', loss: { everyMs: 250, stalls: 0.05, stallMs: 800, resets: 0.002 } },
  { ...line, name: 'bursts', bursts: { fullMs: 2000, lowMs: 1500, share: 0.25 } },
];

export const takesAtMost = (atMost: number): Network => ({ ...line, name: `at most ${atMost} bodies`, atMost });
