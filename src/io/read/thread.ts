import type { Worker } from 'node:worker_threads';
import { newWorker } from './new-worker.ts';

/** A thread with a small heap: what it works on lies outside. */
export const startThread = (program: URL, workerData?: unknown): Worker =>
  newWorker(program, { workerData, resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 } });
