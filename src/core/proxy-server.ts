/** A proxy to connect through. */
export type ProxyServer = {
  /** Scheme, host and port; no credentials. */
  readonly origin: string;
  /** For people: host and port. */
  readonly name: string;
  /** The value of `Proxy-Authorization`. */
  readonly authorization?: string | undefined;
};
