import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { GivenUp, type GiveUp } from './give-up.ts';

/** Interim answers (100, 102, 103) of one request; an honest server sends one or two. */
const MOST_INTERIM = 16;

/** When a reply begins, and how long it may take from then on. */
export type ReplyLimit = {
  /** All of the request was given to the connection: what comes from now on is the reply. */
  isHandedOver(): boolean;
  readonly limitMs: number;
};

/**
 * Gives up a reply that never ends: one that drips, interim answers without end, or another protocol that nothing
 * requested. Returns what ends the watch.
 */
export const watchReply = (request: ClientRequest, { isHandedOver, limitMs }: ReplyLimit, giveUp: GiveUp) => {
  let interim = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopListening = (): void => {};
  request.on('information', () => {
    interim += 1;
    if (interim > MOST_INTERIM) giveUp(new GivenUp('ERR_ENDLESS_REPLY'));
  });
  // With a listener Node leaves the connection to it.
  request.once('upgrade', (_reply, socket) => {
    socket.destroy();
    giveUp(new GivenUp('ERR_SWITCHED_PROTOCOL'));
  });
  request.once('socket', (socket: Duplex) => {
    const onData = (): void => {
      if (!isHandedOver()) return;
      stopListening();
      if (limitMs < Number.POSITIVE_INFINITY) timer = setTimeout(() => giveUp(new GivenUp('ERR_SLOW_REPLY')), limitMs);
    };
    stopListening = () => void socket.off('data', onData);
    socket.on('data', onData);
  });
  return (): void => {
    clearTimeout(timer);
    stopListening();
  };
};
