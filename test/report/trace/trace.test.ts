import { expect, it } from 'vitest';
import type { TransferEvent } from '../../../src/core/events/events.ts';
import type { TraceEntry } from '../../../src/report/trace/entry.ts';
import { createTracer } from '../../../src/report/trace/trace.ts';
import {
  completed,
  completing,
  created,
  creating,
  finished,
  MiB,
  planned,
  retrying,
  sent,
  started,
} from '../events.ts';

const accepted = (part: number, attempt = 1): TransferEvent => ({
  type: 'part.accepted',
  part,
  attempt,
  httpStatus: 200,
  requestId: `req_${part}`,
});
const stopped = (part: number): TransferEvent => ({ type: 'part.stopped', part, attempt: 1, sent: MiB });
const gate: TransferEvent = { type: 'gate.closed', untilMs: 0, delayMs: 2000 };

/** The entries of events that come 50 ms apart, each checked against the Trace Event Format. */
function traced(...events: readonly TransferEvent[]): readonly TraceEntry[] {
  let nowMs = 1000;
  const tracer = createTracer(() => nowMs);
  const entries = events.flatMap(event => {
    nowMs += 50;
    return tracer.event('data.jsonl', event);
  });
  requireTrace(entries);
  return entries;
}

/** Slices of a lane nest, spans that begin end, counters are numbers: what Perfetto asks for. */
function requireTrace(entries: readonly TraceEntry[]): void {
  const lanes = new Map<number, string[]>();
  const spans = new Set<string>();
  for (const { ph, name, cat, ts, pid, tid, id, args = {} } of entries) {
    expect(Number.isInteger(ts) && ts >= 0 && Number.isInteger(pid) && Number.isInteger(tid)).toBe(true);
    const open = lanes.get(tid) ?? [];
    lanes.set(tid, open);
    if (ph === 'B') open.push(name);
    if (ph === 'E') expect(open.pop()).toBe(name);
    if (ph === 'b') spans.add(`${cat} ${id} ${name}`);
    if (ph === 'e') expect(spans.has(`${cat} ${id} ${name}`)).toBe(true);
    if (ph === 'C') expect(Object.values(args).every(value => Number.isFinite(value))).toBe(true);
    if (ph === 'M') expect(typeof args['name']).toBe('string');
  }
}

const of = (entries: readonly TraceEntry[], ph: TraceEntry['ph']) => entries.filter(entry => entry.ph === ph);

it('draws each attempt in the first free lane, with bytes, status and request id', () => {
  const entries = traced(planned, creating, created, started(1), started(2), accepted(1), finished(1), started(3));
  expect(of(entries, 'B').map(({ name, tid }) => [name, tid])).toEqual([
    ['part 1', 1],
    ['part 2', 2],
    ['part 3', 1],
  ]);
  expect(of(entries, 'B')[0]?.args).toEqual({ path: 'data.jsonl', part: 1, attempt: 1, bytes: 8 * MiB });
  expect(of(entries, 'E')[0]?.args).toEqual({ sent: 8 * MiB, status: 200, request_id: 'req_1' });
  expect(of(entries, 'M').map(({ tid, args }) => [tid, args?.['name']])).toEqual([
    [0, 'oai-upload'],
    [0, 'run'],
    [1, 'connection 1'],
    [2, 'connection 2'],
  ]);
});

it('ends a failed attempt where it failed, and names the next one', () => {
  const entries = traced(started(1), sent(1, MiB), retrying(1), started(1, 2), accepted(1, 2));
  expect(of(entries, 'E')[0]?.args).toEqual({
    sent: 4 * MiB,
    reason: 'http-503',
    status: 503,
    request_id: 'req_1',
  });
  expect(of(entries, 'i').map(({ name, args }) => [name, args?.['delay_ms']])).toEqual([['retry', 1234]]);
  expect(of(entries, 'B').map(({ name }) => name)).toEqual(['part 1', 'part 1, attempt 2']);
});

it('shows phases, gate closures and hashing beside the lanes', () => {
  const entries = traced(
    planned,
    creating,
    created,
    gate,
    { type: 'digest.progress', hashed: 64e6 },
    completing,
    completed,
  );
  expect(of(entries, 'b').map(({ name, cat }) => [cat, name])).toEqual([
    ['file', 'creating'],
    ['file', 'sending'],
    ['gate', 'gate closed'],
    ['file', 'completing'],
  ]);
  const [closed, open] = entries.filter(({ cat }) => cat === 'gate');
  expect((open?.ts ?? 0) - (closed?.ts ?? 0)).toBe(2_000_000);
  expect(entries.find(({ name }) => name === 'hashed')?.args).toEqual({ MB: 64 });
});

it('counts throughput and parts in flight', () => {
  const entries = traced(started(1), started(2), sent(1, MiB), sent(2, MiB), stopped(1), stopped(2));
  const parts = entries.filter(({ name }) => name === 'parts in flight').map(({ args }) => args?.['parts']);
  expect(parts).toEqual([1, 2, 1, 0]);
  const rates = entries.filter(({ name }) => name === 'throughput').map(({ args }) => args?.['MB/s']);
  expect(Math.max(...(rates as number[]))).toBeGreaterThan(5);
  expect(rates.at(-1)).toBe(0);
});

it('repeats no word of a server', () => {
  expect(JSON.stringify(traced(started(1), retrying(1)))).not.toContain('overloaded');
});
