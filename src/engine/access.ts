import type { ApiKey } from '../core/model/api-key.ts';
import type { Destination } from '../core/model/destination.ts';
import type { Headers } from '../core/model/headers.ts';
import type { ProxyServer } from '../core/model/proxy-server.ts';
import type { SecureContext } from '../io/net/secure-context.ts';

/** An API to talk to, and its name in saved uploads. */
export type Access = {
  readonly destination: Destination;
  readonly baseUrl: string;
  readonly key: ApiKey;
  readonly network: Network;
};

/** How the API is reached and spoken to, beyond its base URL and its key. */
export type Network = {
  readonly headers?: Headers | undefined;
  readonly proxy?: ProxyServer | undefined;
  readonly secureContext?: SecureContext | undefined;
};
