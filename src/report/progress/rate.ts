/** How much had been moved by when. */
export type Sample = { readonly atMs: number; readonly moved: number };

const WINDOW_MS = 10_000;
const SPACING_MS = 500;
/** A burst into empty socket buffers is not yet a speed. */
const SHORTEST_SPAN_MS = 1000;

/** The samples with one more: at most two a second, those of the last ten seconds and the one before them. */
export const sampled = (samples: readonly Sample[], sample: Sample): readonly Sample[] => {
  const last = samples.at(-1);
  if (last && sample.atMs - last.atMs < SPACING_MS) return samples;
  const first = samples.findLastIndex(({ atMs }) => atMs <= sample.atMs - WINDOW_MS);
  return [...samples.slice(Math.max(0, first)), sample];
};

/** Bytes a second over the last ten seconds, or since the first sample. */
export const rateOver = (samples: readonly Sample[], { moved, atMs }: Sample): number => {
  const base = samples.findLast(sample => sample.atMs <= atMs - WINDOW_MS) ?? samples[0];
  if (!base) return 0;
  const spanMs = Math.max(SHORTEST_SPAN_MS, Math.min(WINDOW_MS, atMs - base.atMs));
  return Math.max(0, ((moved - base.moved) / spanMs) * 1000);
};
