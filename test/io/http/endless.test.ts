import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { fileId } from '../../../src/core/model/api.ts';
import { createDrain } from '../../../src/io/http/drain.ts';
import { replyLimitMs } from '../../../src/io/http/patience.ts';
import { eventually } from '../../support/eventually.ts';
import { answer, apiAt, failureOf, going, rawServerOf, UPLOAD, zeros } from './sending.ts';

const MiB = 1024 ** 2;
const STALL_MS = 100;
const generous = { stallTimeoutMs: 60_000, completeTimeoutMs: 120_000 };
const patience = { stallTimeoutMs: STALL_MS, completeTimeoutMs: 2 * STALL_MS };

type Endless = {
  readonly name: string;
  readonly kind: 'connection' | 'malformed' | 'status';
  readonly reason: string;
  /** After the first bytes of a request have come. */
  behave(socket: Socket): void;
};

const drip = (socket: Socket, text: string, everyMs = 20): void => {
  const timer = setInterval(() => socket.write(text), everyMs);
  socket.on('close', () => clearInterval(timer));
};

const pour = (socket: Socket, text: string): void => {
  const piece = text.repeat(Math.ceil(MiB / 16 / text.length));
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
};

const OK_HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{"id":"';
const REFUSED_HEAD = 'HTTP/1.1 403 Forbidden\r\ncontent-length: 100000\r\n\r\n{"error":';
const bomb = gzipSync(Buffer.alloc(64 * MiB, ' '));

const endless: readonly Endless[] = [
  {
    name: 'switches to another protocol',
    kind: 'malformed',
    reason: 'malformed-reply',
    behave: socket =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'),
  },
  {
    name: 'switches to another protocol without saying to which',
    kind: 'malformed',
    reason: 'malformed-reply',
    behave: socket => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  },
  ...[100, 102, 103].map(
    (status): Endless => ({
      name: `sends a ${status} again and again`,
      kind: 'connection',
      reason: 'endless-reply',
      behave: socket => drip(socket, `HTTP/1.1 ${status} X\r\nlink: </x>\r\n\r\n`, 5),
    }),
  ),
  {
    name: 'pours out 103s',
    kind: 'connection',
    reason: 'endless-reply',
    behave: socket => pour(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  },
  {
    name: 'drips its head',
    kind: 'connection',
    reason: 'reply-too-slow',
    behave: socket => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      drip(socket, 'a');
    },
  },
  {
    name: 'pours out its head',
    kind: 'connection',
    reason: 'network',
    behave: socket => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      pour(socket, 'a');
    },
  },
  {
    name: 'drips its body',
    kind: 'connection',
    reason: 'reply-too-slow',
    behave: socket => {
      socket.write(OK_HEAD);
      drip(socket, 'a');
    },
  },
  {
    name: 'drips a refusal',
    kind: 'status',
    reason: 'http-403',
    behave: socket => {
      socket.write(REFUSED_HEAD);
      drip(socket, 'a');
    },
  },
  {
    name: 'stops in the middle of a refusal',
    kind: 'status',
    reason: 'http-403',
    behave: socket => socket.write(REFUSED_HEAD),
  },
  {
    name: 'stops in the middle of a success',
    kind: 'connection',
    reason: 'stalled',
    behave: socket => socket.write(OK_HEAD),
  },
  {
    name: 'pours out a body in chunks',
    kind: 'malformed',
    reason: 'malformed-reply',
    behave: socket => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      pour(socket, `ffff\r\n${'x'.repeat(65535)}\r\n`);
    },
  },
  {
    name: 'sends a bomb',
    kind: 'malformed',
    reason: 'malformed-reply',
    behave: socket => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
  },
  {
    name: 'sends a bomb with its refusal',
    kind: 'status',
    reason: 'http-403',
    behave: socket => {
      socket.write(`HTTP/1.1 403 X\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    },
  },
  { name: 'never answers', kind: 'connection', reason: 'stalled', behave: () => {} },
];

const misbehaving = (behave: Endless['behave'], onBegun = () => {}): Promise<number> =>
  rawServerOf(socket => {
    socket.on('data', () => {});
    socket.once('data', () => {
      behave(socket);
      onBegun();
    });
  });

describe.each(endless)('16: where the server $name', ({ behave, kind, reason }) => {
  it('the attempt ends', async () => {
    // What is wrong as a whole is found out however slow the machine is; the rest is ended by patience.
    const { api } = apiAt(await misbehaving(behave), kind === 'malformed' ? generous : patience);
    expect(await failureOf(api.cancel(UPLOAD, going))).toMatchObject({ kind, reason });
  });

  it('a signal ends it', async () => {
    let begun = false;
    const port = await misbehaving(behave, () => {
      begun = true;
    });
    const { api, close } = apiAt(port, { stallTimeoutMs: 60_000, completeTimeoutMs: 600_000 });
    const stop = new AbortController();
    const reason = new UploadError('INTERRUPTED', 'stop', { reason: 'sigint' });
    const ended = api.cancel(UPLOAD, stop.signal).then(
      () => 'answered',
      error => error,
    );
    await eventually('the server misbehaves', () => begun);
    const stoppedAt = performance.now();
    stop.abort(reason);
    await ended;
    expect(performance.now() - stoppedAt).toBeLessThan(1500);
    close();
  });
});

it('16: content that comes in drops is no movement', async () => {
  const port = await misbehaving(socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
    drip(socket, 'a');
  });
  const read = async (): Promise<void> => {
    for await (const _ of apiAt(port, patience).api.content(fileId('file-1'), going));
  };
  expect(await failureOf(read())).toMatchObject({ kind: 'connection', reason: 'stalled' });
});

it('16: an early refusal that drips is that refusal', async () => {
  const port = await misbehaving(socket => {
    socket.pause();
    socket.write(REFUSED_HEAD);
    drip(socket, 'a');
  });
  const { api } = apiAt(port, patience);
  expect(await failureOf(api.addPart(UPLOAD, zeros(64 * MiB).body, going))).toMatchObject({
    kind: 'status',
    status: 403,
  });
});

it('16: a few interim answers are fine', async () => {
  const port = await misbehaving(socket => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(8));
    socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(8));
    socket.write(answer(200, JSON.stringify({ id: UPLOAD })));
  });
  expect(await apiAt(port).api.cancel(UPLOAD, going)).toMatchObject({ id: UPLOAD });
});

it('16: a reply to complete may drip as long as complete may take, and half a minute at least', () => {
  const waiting = { stallTimeoutMs: 60_000, completeTimeoutMs: 600_000, drain: createDrain() };
  const call = { method: 'POST', path: '/' } as const;
  expect(replyLimitMs({ ...call, endpoint: 'complete' }, waiting)).toBe(600_000);
  expect(replyLimitMs({ ...call, endpoint: 'complete' }, { ...waiting, completeTimeoutMs: 4000 })).toBe(30_000);
  expect(replyLimitMs({ ...call, endpoint: 'create' }, waiting)).toBe(30_000);
  expect(replyLimitMs({ ...call, endpoint: 'create' }, { ...waiting, stallTimeoutMs: 100 })).toBe(1500);
});

it.each([
  ['cancel', STALL_MS],
  ['complete', 2 * STALL_MS],
] as const)('27: %s gives up a silent server after at most twice the stall timeout', async (endpoint, leastMs) => {
  const { api } = apiAt(await misbehaving(() => {}), patience);
  const startedAt = performance.now();
  const request =
    endpoint === 'cancel' ? api.cancel(UPLOAD, going) : api.complete(UPLOAD, [], { md5: undefined, bytes: 1 }, going);
  expect(await failureOf(request)).toMatchObject({ reason: 'stalled' });
  expect(performance.now() - startedAt).toBeGreaterThan(leastMs * 0.7);
});

it('27: a part that is never answered is given up after at most twice the stall timeout', async () => {
  const { api, records } = apiAt(await misbehaving(socket => void socket.resume()), patience);
  const ticks: number[] = [];
  const timer = setInterval(() => ticks.push(0), 50);
  expect(await failureOf(api.addPart(UPLOAD, zeros(4 * MiB).body, going))).toMatchObject({ reason: 'stalled' });
  clearInterval(timer);
  expect(records[0]?.bytesSent).toBeGreaterThan(0);
  // Ten times is what it was; the machine may be busy.
  expect(ticks.length * 50).toBeLessThan(8 * STALL_MS);
});
