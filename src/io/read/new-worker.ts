import { Worker, type WorkerOptions } from 'node:worker_threads';

/** A thread that runs a file of the build. The single-file executable has its own version of this, in `.build/sea/`. */
export const newWorker = (program: URL, options: WorkerOptions): Worker => new Worker(program, options);
