import { join } from 'node:path';
import { type Answer, answerFor, type Lookups } from '../cli/completion/candidates.ts';
import { readWords } from '../cli/completion/words.ts';
import { type Flags, noSettings } from '../cli/options/resolve.ts';
import type { World } from '../cli/process-context.ts';
import { profileNames, readConfig } from './context/config.ts';
import { globalsOf, stateDirOf } from './context/globals.ts';

/**
 * Answers a shell that asks how a command line may go on: a line for each candidate, and last what else to offer. It
 * is given the number of words before the cursor, those words, and what has been typed of the next one, if anything.
 * Whatever goes wrong, it offers less and says nothing.
 */
export const complete = async (
  [count, ...words]: readonly string[],
  world: Pick<World, 'env' | 'stdout'>,
  cwd: string,
): Promise<void> => {
  const line = readWords(words.slice(0, Number(count)));
  const answer = await answerFor(line, words[Number(count)] ?? '', lookupsFor(line.flags, world, cwd)).catch(
    (): Answer => ({ candidates: [], also: 'nothing' }),
  );
  const lines = answer.candidates.map(([word, about]) => `${word}\t${about}`);
  world.stdout.write(`${[...lines, `:${answer.also}`].join('\n')}\n`);
};

const lookupsFor = (flags: Flags, world: Pick<World, 'env'>, cwd: string): Lookups => ({
  cwd,
  profiles: () => profileNames(world.env),
  saved: async () => {
    const settings = await readConfig(flags, world).catch(() => noSettings);
    const stateDir = stateDirOf(globalsOf({ flags, settings }, world), world);
    const { createManifestStore } = await import('../io/state/manifest-store.ts');
    const store = createManifestStore({
      folder: join(stateDir, 'uploads'),
      onUnsaved: () => {},
      onUnreadable: () => {},
      onForeign: () => {},
    });
    return (await store.list()).map(({ manifest: { uploadId, path, finished, request, partSize } }) => ({
      id: uploadId,
      path,
      about: `${path}, ${finished.size} of ${Math.ceil(request.bytes / partSize)} parts`,
    }));
  },
});
