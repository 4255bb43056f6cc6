// The commands that have nothing to do with saved uploads, as one chunk too.
export { check } from './check.ts';
export { completion } from './completion.ts';
export { doctor } from './doctor.ts';
export { serve } from './serve.ts';
