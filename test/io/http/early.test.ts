import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { ANSWERED_PART, answer, apiAt, failureOf, going, rawServerOf, UPLOAD, zeros } from './sending.ts';

const MiB = 1024 ** 2;
const REFUSED = JSON.stringify({ error: { message: 'Enough of that.' } });

/** What a server does once it has answered early. */
const afterwards: Record<string, (socket: Socket) => void> = {
  'reads on and keeps the connection': socket => void socket.resume(),
  'reads no more and keeps the connection': () => {},
  'ends its side': socket => void socket.end(),
  closes: socket => {
    socket.end();
    setTimeout(() => socket.destroy(), 5);
  },
  resets: socket => {
    setTimeout(() => socket.resetAndDestroy(), 5);
  },
};

/** Answers as soon as the head of a request and some of its body are there. */
const earlyServer = async (text: string, after: (socket: Socket) => void) => {
  const sockets: Socket[] = [];
  let received = 0;
  const port = await rawServerOf(socket => {
    sockets.push(socket);
    let answered = false;
    socket.on('data', chunk => {
      received += chunk.length;
      if (answered) return;
      answered = true;
      socket.pause();
      socket.write(text, () => after(socket));
    });
  });
  return { port, sockets, received: () => received };
};

describe.each(Object.keys(afterwards))('where the server %s', name => {
  const after = afterwards[name] ?? (() => {});

  it.each([401, 413, 429, 503])('an early %d is that status, with its words', async status => {
    const text = answer(status, REFUSED, 'retry-after: 7\r\nx-request-id: req_early\r\n');
    const { port, sockets, received } = await earlyServer(text, after);
    const { api, records } = apiAt(port);
    const part = zeros(64 * MiB);
    const startedAt = Date.now();
    expect(await failureOf(api.addPart(UPLOAD, part.body, going))).toMatchObject({
      kind: 'status',
      status,
      reason: `http-${status}`,
      message: `sending a part: the server answered ${status}: Enough of that.`,
      retryAfterMs: 7000,
      requestId: 'req_early',
    });
    // The body stopped at once, and the connection with it.
    expect(Date.now() - startedAt).toBeLessThan(2000);
    expect(part.pulled).toBeLessThan(32 * MiB);
    const [socket] = sockets;
    if (socket && !socket.destroyed) {
      socket.resume();
      await once(socket, 'close');
    }
    expect(received()).toBeLessThan(32 * MiB);
    expect(records).toMatchObject([{ status, requestId: 'req_early' }]);
  });
});

/** Told of each request whose body is here, by its content-length. */
const onWholeBody = (socket: Socket, tell: () => void): void => {
  let left = 0;
  socket.on('data', chunk => {
    if (left === 0) {
      const text = chunk.toString('latin1');
      left = Number(/content-length: (\d+)/i.exec(text)?.[1]) + text.indexOf('\r\n\r\n') + 4;
    }
    left -= chunk.length;
    if (left === 0) tell();
  });
};

it('does not believe a success that comes before the body is out', async () => {
  const { port } = await earlyServer(answer(200, ANSWERED_PART), socket => void socket.resume());
  const failure = await failureOf(apiAt(port).api.addPart(UPLOAD, zeros(64 * MiB).body, going));
  expect(failure).toMatchObject({ kind: 'malformed', retryable: true, mayBeDone: true });
  expect(failure.message).toContain('before the whole request was sent');
});

it('believes a success that comes with the last byte, a thousand times', async () => {
  const port = await rawServerOf(socket => onWholeBody(socket, () => void socket.write(answer(200, ANSWERED_PART))));
  const { api, records } = apiAt(port);
  for (let done = 0; done < 1000; done += 1)
    expect(await api.addPart(UPLOAD, zeros(1 + (done % 3) * 70_000).body, going)).toMatchObject({ id: 'part_1' });
  expect(records.slice(1).every(({ detail }) => detail?.connection.reused)).toBe(true);
});

it('calls an answer that breaks off a connection error', async () => {
  const port = await rawServerOf(socket => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id":'));
  });
  expect(await failureOf(apiAt(port).api.cancel(UPLOAD, going))).toMatchObject({
    kind: 'connection',
    reason: 'reply-cut-short',
    retryable: true,
    mayBeDone: true,
  });
});

it('calls a kept connection that was closed under it a connection error', async () => {
  const port = await rawServerOf(socket => {
    socket.once('data', () => {
      socket.write(answer(200, JSON.stringify({ id: UPLOAD })));
      socket.once('data', () => socket.resetAndDestroy());
    });
  });
  const { api, records } = apiAt(port);
  await api.cancel(UPLOAD, going);
  expect(await failureOf(api.cancel(UPLOAD, going))).toMatchObject({ reason: 'connection-reset', retryable: true });
  expect(records[1]).toMatchObject({ failure: 'connection-reset', detail: { connection: { reused: true } } });
  await api.cancel(UPLOAD, going);
  expect(records[2]).toMatchObject({ status: 200, detail: { connection: { reused: false } } });
});

it('knows what may have reached the server before the connection broke', async () => {
  const port = await rawServerOf(socket => onWholeBody(socket, () => void socket.resetAndDestroy()));
  for (let size = 1; size < 500_000; size += 10_000) {
    const failure = await failureOf(apiAt(port).api.addPart(UPLOAD, zeros(size).body, going));
    expect(failure).toMatchObject({ reason: 'connection-reset', mayBeDone: true });
  }
  const deaf = await rawServerOf(socket => void socket.once('data', () => socket.resetAndDestroy()));
  const failure = await failureOf(apiAt(deaf).api.addPart(UPLOAD, zeros(64 * MiB).body, going));
  expect(failure).toMatchObject({ reason: 'connection-reset', mayBeDone: false });
});

it('ends with the error of the file where that cannot be read', async () => {
  const port = await rawServerOf(socket => void socket.resume());
  const gone = new UploadError('SOURCE', 'it is gone', { reason: 'unreadable' });
  const body = {
    part: { number: 1, offset: 0, size: 10 },
    async *read(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(5);
      throw gone;
    },
  };
  await expect(apiAt(port).api.addPart(UPLOAD, body, going)).rejects.toBe(gone);
});

it('stops for the reason of its signal', async () => {
  const port = await rawServerOf(socket => void socket.pause());
  const stop = new AbortController();
  const reason = new UploadError('INTERRUPTED', 'stop', { reason: 'sigint' });
  const part = zeros(64 * MiB);
  const request = apiAt(port).api.addPart(UPLOAD, part.body, stop.signal);
  const stopped = eventually('the body is on its way', () => part.pulled > 0).then(() => stop.abort(reason));
  await expect(request).rejects.toBe(reason);
  await stopped;
});
