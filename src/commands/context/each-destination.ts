import type { World } from '../../cli/process-context.ts';
import { asUploadError, type UploadError } from '../../core/errors/errors.ts';
import type { Destination } from '../../core/model/destination.ts';
import { earlierFailure, exitCodeOf, type FirstFailure } from '../../core/outcome/first-failure.ts';
import type { SavedUpload } from '../../core/ports.ts';
import type { GlobalValues } from './globals.ts';
import { savedTarget, type Target } from './target.ts';

/** What a command does with the saved uploads of one destination. A failure's index is that of the upload among them. */
export type ForDestination = {
  run(saved: readonly SavedUpload[], target: Target): Promise<FirstFailure | undefined>;
  /** They cannot be reached: the destination is not trusted, or its key is missing. */
  refuse(saved: readonly SavedUpload[], error: UploadError): Promise<FirstFailure | undefined>;
};

/** Tries every destination, whatever became of the others. The exit code is that of the first upload that failed. */
export const eachDestination = async (
  saved: readonly SavedUpload[],
  { run, refuse }: ForDestination,
  globals: GlobalValues,
  world: World,
): Promise<number> => {
  let first: FirstFailure | undefined;
  const warningOnce = createWarningOnce();
  for (const { destination, indexes } of byDestination(saved)) {
    const group = indexes.map(index => saved[index] as SavedUpload);
    const target = await savedTarget(destination, globals, world).then(warningOnce, asUploadError);
    const failure = await (target instanceof Error ? refuse(group, target) : runAt(target, () => run(group, target)));
    first = earlierFailure(first, failure && { ...failure, index: indexes[failure.index] as number });
  }
  return exitCodeOf(first);
};

/** Keeps the warning of the first target that has one: the same danger is told once a run. */
const createWarningOnce = (): ((target: Target) => Target) => {
  let isTold = false;
  return target => {
    const known = isTold ? { ...target, warning: undefined } : target;
    isTold ||= target.warning !== undefined;
    return known;
  };
};

async function runAt<T>(target: Target, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } finally {
    await target.close();
  }
}

type Group = { readonly destination: Destination; readonly indexes: readonly number[] };

const byDestination = (saved: readonly SavedUpload[]): readonly Group[] => {
  const groups = new Map<string, Group & { readonly indexes: number[] }>();
  for (const [index, { manifest }] of saved.entries()) {
    const name = JSON.stringify(manifest.destination);
    const group = groups.get(name) ?? { destination: manifest.destination, indexes: [] };
    group.indexes.push(index);
    groups.set(name, group);
  }
  return [...groups.values()];
};
