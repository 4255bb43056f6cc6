import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { perform } from '../perform.ts';
import { Abandoned, ApiError } from './api-error.ts';
import type { Context } from './context.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { type Reply, refusal, sendReply } from './reply.ts';

/** Answers one request, whatever happens. Never rejects. */
export async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const exchange = openExchange(request, response, context);
  try {
    const reply = await performed(exchange, context);
    if (context.options.latencyMs) await sleep(context.options.latencyMs, undefined, { signal: exchange.over });
    await sendReply(exchange, reply);
  } catch {
    response.destroy(); // the client is gone, or is to think that we are
  }
}

async function performed(exchange: Exchange, context: Context): Promise<Reply> {
  try {
    return await perform(exchange, context);
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    if (error instanceof Abandoned || exchange.request.socket.destroyed) throw error;
    if (isFull(error))
      return refusal(
        new ApiError(507, 'The disk of the server is full.', { type: 'server_error', code: 'insufficient_storage' }),
      );
    const message = error instanceof Error ? error.message : String(error);
    return refusal(new ApiError(500, `The server had an error: ${message}`, { type: 'server_error' }));
  }
}

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && FULL.includes(error.code);
