import { Worker } from 'node:worker_threads';

/** A thread with a small heap: what it works on lies outside. */
export const startThread = (program: URL, workerData?: unknown): Worker =>
  new Worker(program, { workerData, resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 } });
