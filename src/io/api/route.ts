import { RequestError } from '../../core/errors/request-error.ts';
import type { Destination } from '../../core/model/destination.ts';
import { classicBaseUrl, classicVersion } from '../../core/policy/azure.ts';

/** The base URL that calls go to. That of an Azure resource may change once, from the v1 API to the classic one. */
export type Route = {
  baseUrl(): string;
  /** Version of the classic API that took the place of the v1 API. */
  classic(): string | undefined;
  useClassic(version: string): void;
  /** What `ask` is answered; where the v1 API is not there, what the classic one answers it. */
  tryBoth<T>(ask: () => Promise<T>): Promise<T>;
};

/** The latest version of the classic API that is generally available: learn.microsoft.com, "API version lifecycle". */
const CLASSIC_VERSION = '2024-10-21';

export const createRoute = (kind: Destination['kind'], named: string): Route => {
  let classic: string | undefined;
  const hasOther = kind === 'azure' && classicVersion(named) === undefined;

  return {
    baseUrl: () => (classic === undefined ? named : classicBaseUrl(named, classic)),
    classic: () => classic,
    useClassic: version => {
      if (hasOther) classic = version;
    },
    tryBoth: async ask => {
      const before = classic;
      try {
        return await ask();
      } catch (error) {
        if (!hasOther || before !== undefined || !isNotFound(error)) throw error;
        classic = CLASSIC_VERSION;
        return await ask().catch(() => {
          classic = undefined;
          // The first answer is about the API that the user named.
          throw error;
        });
      }
    },
  };
};

const isNotFound = (error: unknown): boolean => error instanceof RequestError && error.failure.status === 404;
