import type { Endpoint } from '../../core/events/events.ts';
import { isSuccess } from './reply.ts';

const KiB = 1024;
const MiB = 1024 ** 2;

/** An Upload or a File has some hundred bytes. */
const MOST_BYTES = MiB;
/** A page lists 100 Files; a gateway may send all that it has. */
const MOST_BYTES_OF_A_LIST = 4 * MiB;
/** Of a refusal only a sentence is shown. */
const MOST_BYTES_OF_A_REFUSAL = 64 * KiB;

/** How much of a reply is read, unpacked. */
export const mostBytes = (endpoint: Endpoint, status: number | undefined): number => {
  if (!isSuccess(status)) return MOST_BYTES_OF_A_REFUSAL;
  return endpoint === 'files' || endpoint === 'models' ? MOST_BYTES_OF_A_LIST : MOST_BYTES;
};

/** A reply's body as it comes in. */
export type ReplyText = {
  /** Whether to read on: there were at most so many bytes. */
  take(chunk: Uint8Array, most: number): boolean;
  text(): string;
  /** It was too long. */
  cut(): boolean;
};

export const collectText = (): ReplyText => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let isCut = false;
  return {
    take: (chunk, most) => {
      chunks.push(chunk.subarray(0, most - bytes));
      bytes += chunk.length;
      isCut = bytes > most;
      return !isCut;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    cut: () => isCut,
  };
};
