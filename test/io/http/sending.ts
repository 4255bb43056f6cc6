import { createServer, type RequestListener } from 'node:http';
import { createServer as createRawServer, type Socket } from 'node:net';
import { RequestError, type RequestFailure } from '../../../src/core/errors/request-error.ts';
import { uploadId } from '../../../src/core/model/api.ts';
import { fixedKey } from '../../../src/core/model/api-key.ts';
import type { RequestRecord } from '../../../src/core/model/request-record.ts';
import { type ApiOptions, createUploadsApi } from '../../../src/io/api/uploads-api.ts';
import { listening } from '../../support/listening.ts';

export const KEY = 'sk-a-key-of-these-tests';
export const UPLOAD = uploadId('upload_1');
export const going = new AbortController().signal;

/** The API at a port of loopback, and a record of each request. */
export function apiAt(port: number, options: Partial<ApiOptions> = {}) {
  const records: RequestRecord[] = [];
  const api = createUploadsApi({
    kind: 'openai',
    baseUrl: `http://127.0.0.1:${port}/v1`,
    key: fixedKey(KEY),
    organization: undefined,
    project: undefined,
    userAgent: 'test',
    connectTimeoutMs: 2000,
    stallTimeoutMs: 5000,
    completeTimeoutMs: 10_000,
    log: { detailed: true, attemptNumber: () => 1, record: record => void records.push(record) },
    ...options,
  });
  return { api, records, close: api.close };
}

/** A part of zeros, in chunks of 64 KiB. `pulled` counts what was read of it. */
export function zeros(size: number) {
  let pulled = 0;
  let reads = 0;
  async function* read(): AsyncGenerator<Uint8Array> {
    reads += 1;
    for (let left = size; left > 0; left -= CHUNK) {
      const chunk = new Uint8Array(Math.min(left, CHUNK));
      pulled += chunk.length;
      yield chunk;
    }
  }
  return {
    body: { part: { number: 1, offset: 0, size }, read },
    get pulled() {
      return pulled;
    },
    get reads() {
      return reads;
    },
  };
}
const CHUNK = 64 * 1024;

/** The failure of a request that must fail. */
export const failureOf = async (request: Promise<unknown>): Promise<RequestFailure> => {
  const error = await request.then(
    () => new Error('it did not fail'),
    failed => failed,
  );
  if (error instanceof RequestError) return error.failure;
  throw error;
};

/** An HTTP server of the test's own. */
export const serverOf = (listener: RequestListener): Promise<number> => listening(createServer(listener));

/** A server that sees bytes. */
export const rawServerOf = (listener: (socket: Socket) => void): Promise<number> =>
  listening(createRawServer(listener));

export const ANSWERED_PART = JSON.stringify({ id: 'part_1', object: 'upload.part', upload_id: UPLOAD });

export const answer = (status: number, body: string, headers = ''): string =>
  `HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
