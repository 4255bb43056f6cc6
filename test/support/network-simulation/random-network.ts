import type { Network } from './network.ts';

/**
 * Lines that people have: 1 to 60 MB/s a connection, 10 to 300 MB/s in all, 2 to 400 ms; a third with jitter, some with
 * loss, bursts, the transfers of others, or a server that admits few parts.
 */
export function randomNetwork(random: () => number, name: string): Network {
  const between = (least: number, most: number): number => least * Math.exp(random() * Math.log(most / least));
  const connectionMBps = between(1, 60);
  const totalMBps = between(10, 300);
  const latencyMs = between(2, 400);
  const jitter = random() < 0.3 ? { share: 0.1 + random() * 0.5, everyMs: between(100, 2000) } : undefined;
  const isLossy = !jitter && random() < 0.2;
  const loss = isLossy ? { everyMs: 250, stalls: 0.05 * random(), stallMs: 800, resets: 0.002 * random() } : undefined;
  const bursts =
    random() < 0.15
      ? { fullMs: between(500, 5000), lowMs: between(300, 3000), share: 0.2 + 0.6 * random() }
      : undefined;
  const others = random() < 0.25 ? 1 + Math.floor(random() * 8) : undefined;
  const atMost = random() < 0.15 ? 1 + Math.floor(random() * 12) : undefined;
  return {
    name,
    connectionMBps,
    totalMBps,
    latencyMs,
    ...(jitter && { jitter }),
    ...(loss && { loss }),
    ...(bursts && { bursts }),
    ...(others && { others }),
    ...(atMost && { atMost }),
  };
}
