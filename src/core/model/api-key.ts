import { addSecret } from '../policy/secrets.ts';

/** What requests prove with that they may be made. */
export type ApiKey = {
  /** The header that carries it: `Authorization: Bearer …`, or Azure's own. */
  readonly header: 'authorization' | 'api-key';
  /** The key as it is now. */
  now(): string;
  /** After a 401 to a key: whether there is another one now. Never rejects but with the signal's reason. */
  renewed(refused: string, signal: AbortSignal): Promise<boolean>;
  /** Why it could not be renewed, where that was tried last and failed. */
  trouble(): string | undefined;
};

/** A key that stays what it is. */
export const fixedKey = (key: string, header: ApiKey['header'] = 'authorization'): ApiKey => ({
  header,
  now: () => key,
  renewed: async () => false,
  trouble: () => undefined,
});

/** A key is renewed at most this often, in milliseconds: a server that refuses every key must not make us ask without end. */
const RENEW_AT_MOST_MS = 60_000;

/**
 * A key that is renewed where the server refuses it. Requests that are refused together wait for one answer.
 * `monotonicMs` is a clock that is never set.
 */
export const renewableKey = (
  first: string,
  header: ApiKey['header'],
  ask: (signal: AbortSignal) => Promise<string>,
  monotonicMs: () => number,
): ApiKey => {
  let key = first;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let trouble: string | undefined;
  const askAgain = async (signal: AbortSignal): Promise<void> => {
    askedAtMs = monotonicMs();
    trouble = undefined;
    key = await ask(signal);
    addSecret(key);
  };
  return {
    header,
    now: () => key,
    renewed: async (refused, signal) => {
      if (key === refused && (asking || monotonicMs() - askedAtMs >= RENEW_AT_MOST_MS)) {
        asking ??= askAgain(signal).finally(() => {
          asking = undefined;
        });
        await asking.catch(error => {
          signal.throwIfAborted();
          trouble = error instanceof Error ? error.message : String(error);
        });
      }
      return key !== refused;
    },
    trouble: () => trouble,
  };
};
