import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '../../core/policy/monotonic.ts';

/** A request's body, read once, no faster than told, and only as far as someone asks. */
export type Body = {
  received(): number;
  limitRate(bytesPerSecond: number): void;
  /** What comes first, until it is enough or all; it will be read again. */
  peek(isEnough: (seen: Buffer) => boolean): Promise<Buffer>;
  chunks(): AsyncGenerator<Buffer, void>;
  /** Throws away what comes, until so many bytes have been received in all. */
  discard(untilBytes?: number): Promise<void>;
};

export function openBody(request: IncomingMessage, signal: AbortSignal): Body {
  const { pull, received, limitRate } = openSource(request, signal);
  const held: Buffer[] = [];

  return {
    received,
    limitRate,
    async peek(isEnough) {
      while (!isEnough(Buffer.concat(held))) {
        const chunk = await pull();
        if (!chunk) break;
        held.push(chunk);
      }
      return Buffer.concat(held);
    },
    async *chunks() {
      yield* held.splice(0);
      for (let chunk = await pull(); chunk; chunk = await pull()) yield chunk;
    },
    async discard(untilBytes = Number.POSITIVE_INFINITY) {
      held.length = 0;
      while (received() < untilBytes && (await pull()));
    },
  };
}

type Source = Pick<Body, 'received' | 'limitRate'> & { pull(): Promise<Buffer | undefined> };

function openSource(request: IncomingMessage, signal: AbortSignal): Source {
  // Left undestroyed: an answer can still go out on a connection whose body is not read.
  const chunks: AsyncIterator<Buffer> = request.iterator({ destroyOnReturn: false });
  const startedAtMs = monotonicMs();
  let received = 0;
  let bytesPerMs = Number.POSITIVE_INFINITY;

  return {
    received: () => received,
    limitRate: bytesPerSecond => {
      bytesPerMs = Math.min(bytesPerMs, bytesPerSecond / 1000);
    },
    async pull() {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      received += value.length;
      const aheadMs = received / bytesPerMs - (monotonicMs() - startedAtMs);
      if (aheadMs > 1) await sleep(aheadMs, undefined, { signal });
      return value;
    },
  };
}
