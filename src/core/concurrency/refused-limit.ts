/** More parts in flight than this were refused. One more is tried again only after so much time and so many bytes. */
export type RefusedLimit = {
  readonly concurrency: number;
  readonly untilMs: number;
  readonly untilBytes: number;
  /** How many times the first wait this limit stands. */
  readonly patience: number;
};

/** A refused body wastes what socket buffers accepted of it: a percent or two of so many accepted bytes. */
const PATIENCE = { ms: 30_000, bytes: 256 * 1024 ** 2, longest: 32 } as const;

/** Parts refused together teach one lesson. One refused when the limit was tried again makes it stand twice as long. */
export const limitAt = (
  concurrency: number,
  before: RefusedLimit | undefined,
  atMs: number,
  acceptedBytes: number,
): RefusedLimit => {
  const isRepeated = before !== undefined && mayBeTried(before, atMs, acceptedBytes);
  const patience = Math.min(PATIENCE.longest, (before?.patience ?? 1) * (isRepeated ? 2 : 1));
  return {
    concurrency,
    patience,
    untilMs: atMs + patience * PATIENCE.ms,
    untilBytes: acceptedBytes + patience * PATIENCE.bytes,
  };
};

/** The most parts that may be in flight under this limit now. */
export const mostUnder = (limit: RefusedLimit, atMs: number, acceptedBytes: number): number =>
  limit.concurrency + (mayBeTried(limit, atMs, acceptedBytes) ? 1 : 0);

const mayBeTried = ({ untilMs, untilBytes }: RefusedLimit, atMs: number, acceptedBytes: number): boolean =>
  atMs >= untilMs && acceptedBytes >= untilBytes;
