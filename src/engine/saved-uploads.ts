import { join } from 'node:path';
import { createManifestStore } from '../io/state/manifest-store.ts';

/** Told what belongs to no file. */
export type Notice = (message: string) => void;

/** Saved uploads. `notice` receives what could not be saved or read. */
export const openManifests = (stateDir: string, notice: Notice) =>
  createManifestStore({
    folder: join(stateDir, 'uploads'),
    onUnsaved: error =>
      notice(
        `warning: progress cannot be saved in ${stateDir}, an interrupted upload will not be resumable: ${sentenceOf(error)}`,
      ),
    onForeign: once(path =>
      notice(`warning: ${path} is not a saved upload of this user, or cannot be read: it is left alone`),
    ),
    onUnreadable: path => notice(`starting over because the saved upload cannot be read: ${path}`),
  });

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Says the same thing of the same path once. */
const once = (tell: (path: string) => void): ((path: string) => void) => {
  const known = new Set<string>();
  return path => {
    if (!known.has(path)) tell(path);
    known.add(path);
  };
};
