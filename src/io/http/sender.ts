import type { Connecting } from '../net/agents.ts';
import { type Call, urlOf } from './call.ts';
import { createHttpClient } from './client.ts';
import { createDrain } from './drain.ts';
import { type Answer, type ExchangeOptions, exchange, type Way } from './exchange.ts';
import { malformedReply, statusFailure } from './failure.ts';
import { redirectOf } from './redirect.ts';
import { collectText, type HttpReply, isSuccess, type ReplyText } from './reply.ts';

export type SenderOptions = Connecting & Omit<ExchangeOptions, 'client' | 'drain'> & { readonly baseUrl: string };

export type Sender = {
  /** A whole reply, of whatever status; rejects with a RequestError where none came. */
  send(call: Call, signal: AbortSignal): Promise<HttpReply>;
  /** The body of a successful reply as it arrives. */
  stream(call: Call, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Ends every connection. */
  close(): void;
};

/** Sends over kept-alive connections. A call is one attempt, and one more for each redirect: a body is then read anew. */
export const createSender = (sending: SenderOptions): Sender => {
  const options = { ...sending, client: createHttpClient(sending), drain: createDrain() };

  const send = async (call: Call, signal: AbortSignal): Promise<HttpReply> => {
    for (let url = urlOf(sending.baseUrl, call.path), hops = 0; ; hops += 1) {
      const reply = await ask({ call, url }, options, signal);
      const next = redirectOf(call, url, reply, hops);
      if (!next) return reply;
      url = next;
    }
  };

  async function* stream(call: Call, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let url = urlOf(sending.baseUrl, call.path), hops = 0; ; hops += 1) {
      const text = collectText();
      const heard: Heard = {};
      for await (const chunk of exchange({ call, url }, options, signal, hearer(heard))) {
        if (isSuccess(heard.answer?.incoming.status)) yield chunk;
        else if (!text.take(chunk)) break;
      }
      const reply = replyOf(heard, text, options);
      if (isSuccess(reply.status)) return;
      const next = redirectOf(call, url, reply, hops);
      if (!next) throw statusFailure(call.endpoint, reply, Date.now());
      url = next;
    }
  }
  return { send, stream, close: options.client.close };
};

/** One request and its whole reply. */
async function ask(way: Way, options: ExchangeOptions, signal: AbortSignal): Promise<HttpReply> {
  const text = collectText();
  const heard: Heard = {};
  const isEarly = (): boolean => heard.answer?.attempt.answeredEarly() ?? false;
  try {
    for await (const chunk of exchange(way, options, signal, hearer(heard))) if (!text.take(chunk)) break;
  } catch (error) {
    // A refusal that came early is definite even where the connection broke right after it.
    if (signal.aborted || !isEarly() || isSuccess(heard.answer?.incoming.status)) throw error;
  }
  const reply = replyOf(heard, text, options);
  if (isSuccess(reply.status) && isEarly())
    throw malformedReply(way.call.endpoint, reply, 'it came before the whole request was sent');
  return reply;
}

type Heard = { answer?: Answer };

const hearer =
  (heard: Heard) =>
  (answer: Answer): void => {
    heard.answer = answer;
  };

const replyOf = ({ answer }: Heard, { text, cut }: ReplyText, { scrub }: ExchangeOptions): HttpReply => {
  if (!answer) throw new Error('an exchange ended without an answer and without an error');
  const { status, headers } = answer.incoming;
  return {
    status,
    body: scrub(text()),
    cut: cut(),
    header: name => {
      const value = [headers[name]].flat()[0];
      return value && scrub(value);
    },
  };
};
