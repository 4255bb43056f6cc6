import { RequestError } from '../../core/errors/request-error.ts';
import type { Endpoint } from '../../core/events/events.ts';
import type { ApiKey } from '../../core/model/api-key.ts';
import type { Connecting } from '../net/agents.ts';
import { type Call, urlOf } from './call.ts';
import { createHttpClient } from './client.ts';
import { createDrain } from './drain.ts';
import { type Answer, type ExchangeOptions, exchange, type Way } from './exchange.ts';
import { malformedReply, statusFailure } from './failure.ts';
import { redirectOf } from './redirect.ts';
import { type HttpReply, isSuccess } from './reply.ts';
import { collectText, mostBytes, type ReplyText } from './reply-text.ts';

type Sending = ExchangeOptions & { baseUrl(): string; readonly key: Omit<ApiKey, 'header'> };

export type SenderOptions = Connecting & Omit<Sending, 'client' | 'drain'>;

export type Sender = {
  /** A whole reply, of whatever status; rejects with a RequestError where none came. */
  send(call: Call, signal: AbortSignal): Promise<HttpReply>;
  /** The body of a successful reply as it arrives. */
  stream(call: Call, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** The least milliseconds that a connection took to be made, if one was. */
  roundTripMs(): number | undefined;
  /** Ends every connection. */
  close(): void;
};

/**
 * Sends over kept-alive connections. A call is one attempt, and one more for each redirect and each renewed key: a body
 * is then read anew.
 */
export const createSender = (sending: SenderOptions): Sender => {
  const options = { ...sending, client: createHttpClient(sending), drain: createDrain() };

  const send = async (call: Call, signal: AbortSignal): Promise<HttpReply> => {
    for (let url = urlOf(sending.baseUrl(), call.path), hops = 0; ; hops += 1) {
      const key = sending.key.now();
      const reply = await ask({ call, url }, options, signal);
      if (reply.status === 401 && (await sending.key.renewed(key, signal))) continue;
      const next = redirectOf(call, url, reply, hops);
      if (!next) return refusedKey(reply, sending.key);
      url = next;
    }
  };

  async function* stream(call: Call, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let url = urlOf(sending.baseUrl(), call.path), hops = 0; ; hops += 1) {
      const key = sending.key.now();
      const text = collectText();
      const heard: Heard = {};
      try {
        for await (const chunk of exchange({ call, url }, options, signal, hearer(heard))) {
          if (isSuccess(statusOf(heard))) yield chunk;
          else if (!text.take(chunk, mostBytes(call.endpoint, statusOf(heard)))) break;
        }
      } catch (error) {
        if (!isRefusedAnyway(error, heard, signal)) throw error;
      }
      const reply = replyOf(heard, text, options);
      if (isSuccess(reply.status)) return;
      requireFinal(call.endpoint, reply);
      if (reply.status === 401 && (await sending.key.renewed(key, signal))) continue;
      const next = redirectOf(call, url, reply, hops);
      if (!next) throw statusFailure(call.endpoint, refusedKey(reply, sending.key), Date.now());
      url = next;
    }
  }
  return { send, stream, roundTripMs: options.client.roundTripMs, close: options.client.close };
};

/** One request and its whole reply. */
async function ask(way: Way, options: Sending, signal: AbortSignal): Promise<HttpReply> {
  const text = collectText();
  const heard: Heard = {};
  const { endpoint } = way.call;
  try {
    for await (const chunk of exchange(way, options, signal, hearer(heard)))
      if (!text.take(chunk, mostBytes(endpoint, statusOf(heard)))) break;
  } catch (error) {
    if (!isRefusedAnyway(error, heard, signal)) throw error;
  }
  const reply = replyOf(heard, text, options);
  if (isSuccess(reply.status) && heard.answer?.attempt.answeredEarly())
    throw malformedReply(endpoint, reply, 'it came before the whole request was sent');
  requireFinal(endpoint, reply);
  return reply;
}

/** A command that printed no other key tells more than the server does. */
const refusedKey = (reply: HttpReply, key: Sending['key']): HttpReply =>
  reply.status === 401 ? { ...reply, trouble: key.trouble() } : reply;

const requireFinal = (endpoint: Endpoint, reply: HttpReply): void => {
  if (reply.status < 200) throw malformedReply(endpoint, reply, `status ${reply.status} ends no request`);
};

/** The status line of a refusal is definite, even where its body breaks off or never ends. */
const isRefusedAnyway = (error: unknown, heard: Heard, signal: AbortSignal): boolean =>
  error instanceof RequestError && !signal.aborted && heard.answer !== undefined && !isSuccess(statusOf(heard));

type Heard = { answer?: Answer };

const statusOf = ({ answer }: Heard): number | undefined => answer?.incoming.status;

const hearer =
  (heard: Heard) =>
  (answer: Answer): void => {
    heard.answer = answer;
  };

const replyOf = ({ answer }: Heard, { text, cut }: ReplyText, { scrub, baseUrl }: Sending): HttpReply => {
  if (!answer) throw new Error('an exchange ended without an answer and without an error');
  const { status, headers } = answer.incoming;
  return {
    status,
    body: scrub(text()),
    cut: cut(),
    baseUrl: baseUrl(),
    header: name => {
      const value = [headers[name]].flat()[0];
      return value && scrub(value);
    },
  };
};
