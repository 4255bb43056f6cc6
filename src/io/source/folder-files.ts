import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import ignore, { type Ignore } from 'ignore';
import { unreadable } from '../read/source-errors.ts';
import { systemPath, textOfPath } from './path-bytes.ts';

/** Which files of a folder are taken. Patterns are those of `.gitignore`, from the folder on. */
export type Selection = {
  /** Only files that one of these matches; without any, all. */
  readonly include: readonly string[];
  /** No file, and nothing in a folder, that one of these matches. */
  readonly exclude: readonly string[];
  /** Links are followed; otherwise they are left out. */
  readonly followLinks: boolean;
};

/** What was left out though no pattern says so. */
export type LeftOut = { links: number; others: number };

/**
 * Every file below a folder, in the order of the names: those of a folder one after the other, a folder where its name
 * stands. Hidden files are files. Throws an UploadError where a folder cannot be read: a part of it is not all of it.
 */
export async function* filesIn(folder: string, selection: Selection, leftOut: LeftOut): AsyncGenerator<string> {
  yield* walk({ root: withoutSlashes(folder), selection, leftOut, isTaken: selector(selection) }, '', []);
}

type Walk = {
  readonly root: string;
  readonly selection: Selection;
  readonly leftOut: LeftOut;
  readonly isTaken: (path: string, isFolder: boolean) => boolean;
};

/** `above`: the folders on the way here, which a link must not lead into again. Without links there is no way back. */
async function* walk(all: Walk, below: string, above: readonly string[]): AsyncGenerator<string> {
  const folder = all.root + below;
  const here = all.selection.followLinks ? [await identityOf(folder)] : [];
  if (here.some(identity => above.includes(identity))) return;
  for (const { name, entry } of await entriesOf(folder)) {
    const path = `${below}/${name}`;
    const kind = await kindOf(all, path, entry);
    if (!kind || !all.isTaken(path.slice(1), kind.isDirectory())) continue;
    if (kind.isFile()) yield all.root + path;
    else yield* walk(all, path, [...above, ...here]);
  }
}

type Kind = Pick<Stats, 'isFile' | 'isDirectory'>;

/** A file or a folder, or nothing where it is left out. */
async function kindOf(
  { root, selection, leftOut }: Walk,
  path: string,
  entry: Dirent<Buffer>,
): Promise<Kind | undefined> {
  if (entry.isSymbolicLink() && !selection.followLinks) {
    leftOut.links += 1;
    return undefined;
  }
  const kind = entry.isSymbolicLink() ? await stat(systemPath(root + path)).catch(() => undefined) : entry;
  if (kind?.isFile() || kind?.isDirectory()) return kind;
  leftOut.others += 1;
  return undefined;
}

async function entriesOf(
  folder: string,
): Promise<readonly { readonly name: string; readonly entry: Dirent<Buffer> }[]> {
  const entries = await readdir(systemPath(folder), { withFileTypes: true, encoding: 'buffer' }).catch(error =>
    Promise.reject(unreadable(folder, error)),
  );
  const named = entries.map(entry => ({ name: textOfPath(entry.name), entry }));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const selector = ({ include, exclude }: Selection): Walk['isTaken'] => {
  const [wanted, unwanted] = [matcher(include), matcher(exclude)];
  return (path, isFolder) =>
    !unwanted.ignores(isFolder ? `${path}/` : path) && (isFolder || include.length === 0 || wanted.ignores(path));
};

const matcher = (patterns: readonly string[]): Ignore => ignore({ ignorecase: false }).add([...patterns]);

async function identityOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(systemPath(folder)).catch(error => Promise.reject(unreadable(folder, error)));
  return `${dev}:${ino}`;
}

const withoutSlashes = (folder: string): string => folder.replace(/(?<=[^/])\/+$/, '');
