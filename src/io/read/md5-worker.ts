import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { DigestNews } from './digest-program.ts';
import { type Ring, readRing } from './ring.ts';

// md5 alone is the ceiling of one core: it gets one, and another thread reads for it.

parentPort?.once('message', (ring: Ring) => {
  const whole = createHash('md5');
  for (const bytes of readRing(ring)) whole.update(bytes);
  parentPort?.postMessage({ md5: whole.digest('hex') } satisfies DigestNews);
});
