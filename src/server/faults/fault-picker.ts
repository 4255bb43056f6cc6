import type { Endpoint, Fault } from './fault.ts';

/** What a request is to the faults: which try it is, of what, and what befalls it. */
export type Turn = { readonly attempt: number; readonly part?: number; readonly fault?: Fault };

type Asked = { readonly endpoint: Endpoint; readonly uploadId: string; readonly partNumber?: number };
export type FaultPicker = (asked: Asked) => Turn;

/** Counts requests and gives each its turn. The counts are this server's, not the folder's. */
export function createFaultPicker(faults: readonly Fault[]): FaultPicker {
  const counts = new Map<string, number>();
  const rows = faults.map(fault => ({ fault, roll: seededRandom(fault.seed ?? 1) }));
  const count = (key: string): number => {
    const next = (counts.get(key) ?? 0) + 1;
    counts.set(key, next);
    return next;
  };

  return ({ endpoint, uploadId, partNumber }) => {
    const overall = count('*');
    const part = endpoint === 'part' ? numberOf(partNumber, count(`parts of ${uploadId}`)) : undefined;
    const attempt = count(part === undefined ? endpoint : `${uploadId} ${part}`);
    const fault = rows.find(
      ({ fault, roll }) =>
        (fault.endpoint === endpoint || fault.endpoint === '*') &&
        (fault.part === undefined || fault.part === part) &&
        happensAt(fault.attempt, fault.endpoint === '*' ? overall : attempt) &&
        (fault.chance === undefined || roll() < fault.chance),
    )?.fault;
    return { attempt, ...(part !== undefined && { part }), ...(fault && { fault }) };
  };
}

// Every part takes its place in the order of arrival, even one that has a number of its own.
const numberOf = (named: number | undefined, place: number): number => named ?? place;

const happensAt = (wanted: Fault['attempt'], attempt: number): boolean =>
  wanted === undefined || (typeof wanted === 'number' ? wanted === attempt : wanted.includes(attempt));

// mulberry32: small, and the same everywhere.
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
