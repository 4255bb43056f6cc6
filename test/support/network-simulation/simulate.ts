import { type Body, bodyLeaving, handedOver, nextAt, progressDue } from './body.ts';
import { type Line, openLine } from './line.ts';
import type { Network } from './network.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Pilot } from './pilot.ts';
import { seededRandom } from './random.ts';

export type Job = { readonly bytes: number; readonly partSize: number; readonly seed?: number };

/** One run in virtual time. */
type Simulation = {
  readonly network: Network;
  readonly pilot: Pilot;
  readonly line: Line;
  readonly queue: number[];
  /** Parts that failed: each waits in its slot, as in the transfer. */
  waiting: readonly { readonly size: number; readonly fromMs: number }[];
  bodies: readonly Body[];
  nowMs: number;
  gateMs: number;
  launched: number;
  /** Kept-alive connections that nobody uses. */
  idle: number;
  wastedBytes: number;
  readonly trace: { readonly atMs: number; readonly concurrency: number }[];
};

const GATE_MS = 1000;
const BACKOFF_MS = 500;

/** Moves a file over a network; nothing but the seed decides what chance does. */
export function simulate(network: Network, { bytes, partSize, seed = 1 }: Job, pilot: Pilot): Outcome {
  const sizeOf = (index: number) => Math.min(partSize, bytes - index * partSize);
  const queue = Array.from({ length: Math.ceil(bytes / partSize) }, (_, index) => sizeOf(index));
  const line = openLine(network, seededRandom(seed));
  const counts = { nowMs: 0, gateMs: 0, launched: 0, idle: 0, wastedBytes: 0 };
  const run: Simulation = { network, pilot, line, queue, waiting: [], bodies: [], ...counts, trace: [] };
  while (run.queue.length + run.waiting.length + run.bodies.length > 0) {
    fillSlots(run);
    note(run);
    advance(run);
    line.blow(run.bodies, run.nowMs);
    for (const body of run.bodies) happen(run, body);
  }
  return outcomeOf(bytes, run.wastedBytes, run.trace, run.nowMs);
}

function note({ trace, pilot, nowMs }: Simulation): void {
  const concurrency = pilot.concurrency();
  if (trace.at(-1)?.concurrency !== concurrency) trace.push({ atMs: nowMs, concurrency });
}

function fillSlots(run: Simulation): void {
  const { pilot, queue } = run;
  if (run.nowMs < run.gateMs) return;
  for (const part of run.waiting.filter(({ fromMs }) => fromMs <= run.nowMs)) {
    if (run.bodies.length >= pilot.concurrency()) return;
    run.waiting = run.waiting.filter(other => other !== part);
    launch(run, part.size);
  }
  while (run.bodies.length + run.waiting.length < pilot.concurrency()) {
    const size = queue.shift();
    if (size === undefined) return;
    launch(run, size);
  }
}

function launch(run: Simulation, size: number): void {
  const { nowMs, line, pilot } = run;
  const trips = run.idle > 0 ? 0.5 : 1.5;
  run.idle = Math.max(0, run.idle - 1);
  const id = run.launched++;
  run.bodies = [...run.bodies, bodyLeaving(id, size, nowMs, nowMs + line.latencyMs() * trips)];
  pilot.observe({ type: 'started', attempt: id, bytes: size, atMs: nowMs });
}

/** To the next moment at which anything changes. */
function advance(run: Simulation): void {
  const { bodies, line, nowMs, pilot } = run;
  line.share(bodies, nowMs);
  const moving = bodies.filter(({ rate }) => rate > 0);
  const own = bodies.map(body => nextAt(body, pilot.listens));
  const ends = moving.map(({ size, delivered, rate }) => nowMs + (size - delivered) / rate);
  const wakes = [run.gateMs, ...run.waiting.map(({ fromMs }) => fromMs)].filter(atMs => atMs > nowMs);
  run.nowMs = Math.max(nowMs + 1e-3, Math.min(...own, ...ends, ...wakes, line.nextAt(bodies, nowMs)));
  for (const body of moving) body.delivered = Math.min(body.size, body.delivered + body.rate * (run.nowMs - nowMs));
}

function happen(run: Simulation, body: Body): void {
  const { nowMs, pilot, network } = run;
  if (body.phase === 'leaving' && body.arrivesAtMs <= nowMs) {
    const taken = run.bodies.filter(({ phase }) => phase === 'streaming').length;
    body.phase = 'streaming';
    if (taken >= (network.atMost ?? Number.POSITIVE_INFINITY)) decide(run, body, 'overloaded');
  }
  if (body.phase === 'streaming' && body.size - body.delivered < 1) decide(run, body, 'accepted');
  const sent = pilot.listens ? progressDue(body, nowMs) : undefined;
  if (sent !== undefined) pilot.observe({ type: 'progress', attempt: body.id, sent, atMs: nowMs });
  if (body.phase === 'answered' && body.answerAtMs <= nowMs) arrive(run, body);
}

function decide({ nowMs, line }: Simulation, body: Body, answer: Body['answer']): void {
  body.phase = 'answered';
  body.answer = answer;
  body.answerAtMs = nowMs + line.latencyMs() / 2;
}

/** The answer arrives. */
function arrive(run: Simulation, body: Body): void {
  const { nowMs, pilot } = run;
  run.bodies = run.bodies.filter(other => other !== body);
  pilot.observe({ type: body.answer, attempt: body.id, atMs: nowMs, bytes: body.size });
  if (body.answer === 'accepted') {
    run.idle += 1;
    return;
  }
  run.wastedBytes += handedOver(body);
  if (body.answer === 'overloaded') run.gateMs = nowMs + GATE_MS;
  run.waiting = [...run.waiting, { size: body.size, fromMs: nowMs + BACKOFF_MS }];
}
