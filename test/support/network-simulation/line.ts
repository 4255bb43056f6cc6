import type { Body } from './body.ts';
import type { Network } from './network.ts';

const BYTES_PER_MS = 1000;

/** The line: how fast each body moves now, and when that changes. */
export type Line = {
  latencyMs(): number;
  /** Sets the rate of each streaming body: a fair share of the whole, none above its own cap. */
  share(bodies: readonly Body[], nowMs: number): void;
  /** Changes the weather where it is time to; breaks or stalls bodies. */
  blow(bodies: readonly Body[], nowMs: number): void;
  nextAt(bodies: readonly Body[], nowMs: number): number;
};

export function openLine(network: Network, random: () => number): Line {
  const { jitter, loss, bursts, connectionMBps, totalMBps, others = 0 } = network;
  const everyMs = jitter?.everyMs ?? loss?.everyMs ?? Number.POSITIVE_INFINITY;
  let nextWeatherMs = everyMs;

  const phaseMs = bursts ? random() * (bursts.fullMs + bursts.lowMs) : 0;

  const level = (nowMs: number): number =>
    bursts && (nowMs + phaseMs) % (bursts.fullMs + bursts.lowMs) >= bursts.fullMs ? bursts.share : 1;

  const nextLevelMs = (nowMs: number): number => {
    if (!bursts) return Number.POSITIVE_INFINITY;
    const periodMs = bursts.fullMs + bursts.lowMs;
    const intoMs = (nowMs + phaseMs) % periodMs;
    return nowMs - intoMs + (intoMs < bursts.fullMs ? bursts.fullMs : periodMs);
  };

  const strike = (body: Body, nowMs: number): void => {
    if (jitter) body.factor = 1 + jitter.share * (2 * random() - 1);
    if (!loss || body.phase !== 'streaming') return;
    const luck = random();
    if (luck < loss.resets) Object.assign(body, { phase: 'answered', answer: 'ended', answerAtMs: nowMs });
    else if (luck < loss.stalls) body.stalledUntilMs = nowMs + loss.stallMs;
  };

  return {
    latencyMs: () => network.latencyMs * (1 + (jitter?.share ?? 0) * random()),
    share: (bodies, nowMs) => {
      const caps = connectionMBps * BYTES_PER_MS * level(nowMs);
      const moving = bodies.filter(body => body.phase === 'streaming' && body.stalledUntilMs <= nowMs);
      for (const body of bodies) body.rate = 0;
      const ours = moving.length / Math.max(1, moving.length + others);
      fill(moving, caps, totalMBps * ours * BYTES_PER_MS * level(nowMs));
    },
    blow: (bodies, nowMs) => {
      if (nowMs < nextWeatherMs) return;
      nextWeatherMs += everyMs;
      for (const body of bodies) strike(body, nowMs);
    },
    nextAt: (bodies, nowMs) => {
      const wakes = bodies.map(({ stalledUntilMs }) => stalledUntilMs).filter(atMs => atMs > nowMs);
      return Math.min(nextWeatherMs, nextLevelMs(nowMs), ...wakes);
    },
  };
}

/** Water filling: the slowest take what they can, the others share the rest. */
function fill(moving: readonly Body[], cap: number, total: number): void {
  let left = total;
  const slowestFirst = moving.toSorted((one, other) => one.factor - other.factor);
  for (const [index, body] of slowestFirst.entries()) {
    body.rate = Math.min(cap * body.factor, left / (slowestFirst.length - index));
    left -= body.rate;
  }
}
