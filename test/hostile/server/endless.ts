import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Behave } from './hostile-server.ts';

const MiB = 1024 ** 2;

/** One piece again and again, as long as the other side reads or waits. */
export const drip = (socket: Socket, piece: string, everyMs = 20): void => {
  const timer = setInterval(() => socket.write(piece), everyMs);
  socket.on('close', () => clearInterval(timer));
};

export const pour = (socket: Socket, piece: string): void => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
};

const starting =
  (head: string, go: (socket: Socket) => void): Behave =>
  socket => {
    socket.write(head);
    go(socket);
  };

const OK = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(256 * MiB, ' '));
const packed =
  (status: number, encoding: string): Behave =>
  socket => {
    socket.write(`HTTP/1.1 ${status} X\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  };

/** Replies that never end, or would not while anybody listens. */
export const endless: Readonly<Record<string, Behave>> = {
  'never answers': () => {},
  'switches protocols': socket =>
    void socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nhello'),
  'switches protocols to none': socket => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'),
  'switches protocols, then pours': starting(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    socket => pour(socket, 'x'.repeat(65_536)),
  ),
  'drips 100s': socket => drip(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 5),
  'pours 102s': socket => pour(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)),
  'drips 103s': socket => drip(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n', 5),
  'drips its status line': socket => drip(socket, 'H'),
  'drips its head': starting(`${OK}x: `, socket => drip(socket, 'a')),
  'drips headers': starting(OK, socket => drip(socket, 'x: y\r\n')),
  'pours its head': starting(`${OK}x: `, socket => pour(socket, 'a'.repeat(65_536))),
  'pours headers': starting(OK, socket => pour(socket, 'x: y\r\n'.repeat(1000))),
  'drips its body': starting(`${OK}content-length: 1000000\r\n\r\n{"id":"`, socket => drip(socket, 'a')),
  'drips chunks': starting(`${OK}transfer-encoding: chunked\r\n\r\n`, socket => drip(socket, '1\r\n \r\n')),
  'drips a refusal': starting('HTTP/1.1 403 X\r\ncontent-length: 1000000\r\n\r\n', socket => drip(socket, 'a')),
  'stops in its head': starting(`${OK}content-le`, () => {}),
  'stops in its body': starting(`${OK}content-length: 100\r\n\r\n{"id`, () => {}),
  'stops in a refusal': starting('HTTP/1.1 401 X\r\ncontent-length: 100\r\n\r\n{"err', () => {}),
  'pours a body': starting(`${OK}\r\n`, socket => pour(socket, 'x'.repeat(65_536))),
  'pours chunks': starting(`${OK}transfer-encoding: chunked\r\n\r\n`, socket =>
    pour(socket, `ffff\r\n${'x'.repeat(65_535)}\r\n`),
  ),
  'pours a chunk extension': starting(`${OK}transfer-encoding: chunked\r\n\r\n1;`, socket =>
    pour(socket, 'x'.repeat(65_536)),
  ),
  'pours trailers': starting(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, socket =>
    pour(socket, 'x: y\r\n'.repeat(1000)),
  ),
  'pours a refusal': starting('HTTP/1.1 500 X\r\n\r\n', socket => pour(socket, 'x'.repeat(65_536))),
  'sends a bomb': packed(200, 'gzip'),
  'sends a bomb with a refusal': packed(403, 'gzip'),
  'sends a bomb in a bomb': packed(200, 'gzip, gzip'),
};
