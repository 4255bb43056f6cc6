import { setTimeout as sleep } from 'node:timers/promises';
import { Abandoned, ApiError, errorBody } from '../http/api-error.ts';
import type { Exchange } from '../http/exchange.ts';
import { json, type Reply, refusal } from '../http/reply.ts';
import type { Fault } from './fault.ts';

type CarryOut = () => Promise<Reply>;
type Act = (exchange: Exchange, fault: Fault, carryOut: CarryOut) => Promise<Reply>;

/** Carries the request out as its fault lets it. Throws `Abandoned` where no answer is to be sent. */
export async function underFault(exchange: Exchange, fault: Fault | undefined, carryOut: CarryOut): Promise<Reply> {
  return fault ? ACTS[fault.do](exchange, fault, carryOut) : carryOut();
}

const ACTS: Readonly<Record<Fault['do'], Act>> = {
  async status(exchange, fault) {
    await exchange.body.discard();
    await pause(exchange, fault);
    return scripted(fault, 500);
  },
  async 'early-status'(exchange, fault) {
    await exchange.body.discard(fault.afterBytes ?? 0);
    await pause(exchange, fault);
    return { ...scripted(fault, 500), ...(fault.keepOpen && { keepOpen: true }) };
  },
  async 'reset-before'(exchange, fault) {
    await pause(exchange, fault);
    return reset(exchange);
  },
  async 'reset-in-body'(exchange, fault) {
    await exchange.body.discard(fault.afterBytes ?? 1);
    await pause(exchange, fault);
    return reset(exchange);
  },
  async 'reset-after-body'(exchange, fault) {
    await exchange.body.discard();
    await pause(exchange, fault);
    return reset(exchange);
  },
  async 'lose-reply'(exchange, fault, carryOut) {
    await settled(carryOut);
    await pause(exchange, fault);
    return reset(exchange);
  },
  async stall(exchange, fault) {
    await exchange.body.discard(fault.afterBytes);
    return neverAnswer(exchange);
  },
  async slow(exchange, fault, carryOut) {
    exchange.body.limitRate(fault.bytesPerSecond ?? Number.POSITIVE_INFINITY);
    await pause(exchange, fault);
    return carryOut();
  },
  async 'truncate-reply'(exchange, fault, carryOut) {
    const reply = await settled(carryOut);
    await pause(exchange, fault);
    return { ...reply, truncated: true };
  },
  async reply(exchange, fault, carryOut) {
    await settled(carryOut);
    await pause(exchange, fault);
    return scripted(fault, 200);
  },
};

// What happens to an answer happens to a refusal too.
async function settled(carryOut: CarryOut): Promise<Reply> {
  try {
    return await carryOut();
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    throw error;
  }
}

function scripted({ do: act, status, headers, body }: Fault, defaultStatus: number): Reply {
  const lowerCased = Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const code = status ?? defaultStatus;
  if (body === undefined && act !== 'reply') return json(defaultBody(code), code, lowerCased);
  if (typeof body === 'object') return json(body, code, lowerCased);
  const type = body?.startsWith('<') ? 'text/html' : 'text/plain';
  return { status: code, headers: { 'content-type': type, ...lowerCased }, content: body ?? '' };
}

function defaultBody(status: number): object {
  if (status === 429)
    return errorBody('Rate limit reached for requests.', { type: 'rate_limit_error', code: 'rate_limit_exceeded' });
  if (status < 500) return errorBody(`A fault answers ${status}.`, {});
  return errorBody('The server had an error while processing your request. Sorry about that!', {
    type: 'server_error',
  });
}

function reset({ request }: Exchange): never {
  request.socket.resetAndDestroy();
  throw new Abandoned('reset');
}

async function neverAnswer({ over }: Exchange): Promise<never> {
  if (!over.aborted) await new Promise(resolve => over.addEventListener('abort', resolve, { once: true }));
  throw new Abandoned('stalled until the client left');
}

const pause = ({ over }: Exchange, { delayMs = 0 }: Fault): Promise<void> =>
  delayMs > 0 ? sleep(delayMs, undefined, { signal: over }) : Promise.resolve();
