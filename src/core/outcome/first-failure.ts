/** The failure that decides the exit code of several files: of the first one, in argument order, that did not complete. */
export type FirstFailure = { readonly index: number; readonly exitCode: number };

export const earlierFailure = (
  one: FirstFailure | undefined,
  other: FirstFailure | undefined,
): FirstFailure | undefined => (one && other ? (one.index < other.index ? one : other) : (one ?? other));

export const exitCodeOf = (failure: FirstFailure | undefined): number => failure?.exitCode ?? 0;
