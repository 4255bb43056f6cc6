import { constants } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../core/errors/errors.ts';
import { MANIFEST_VERSION, type Manifest, type ManifestHeader, manifestFrom } from '../../core/model/manifest.ts';
import type { Journal, ManifestStore, SavedUpload } from '../../core/ports.ts';
import { coalesced } from './coalesced.ts';
import { appendingJournal, syncFolder } from './journal-file.ts';
import { draftName, journalName, journalsIn, ownPrefix, requestPrefix } from './journal-names.ts';
import { type JournalReading, readJournal, sealRecord } from './journal-records.ts';
import { inFolder } from './make-folder.ts';
import { makeOwn, openOwn, readOwn, whenReady } from './own-file.ts';

export type StoreOptions = {
  /** Folder of the journals; made when first written to. */
  readonly folder: string;
  /** Told, once a run, that progress cannot be saved. */
  onUnsaved(error: unknown): void;
  /** A journal whose header cannot be trusted was dropped. */
  onUnreadable(path: string): void;
  /** What has the name of a journal is not a file of ours. It is left alone. */
  onForeign(path: string): void;
};

/** Saved uploads, a file each: `<destination and request>-<path>-<upload>.journal`, so that a look-up opens only its own. */
export const createManifestStore = ({ folder, onUnsaved, onUnreadable, onForeign }: StoreOptions): ManifestStore => {
  let told = false;
  const onTrouble = (error: unknown): void => {
    if (!told) onUnsaved(error);
    told = true;
  };
  const place: Place = { folder, sync: coalesced(() => syncFolder(folder)), onTrouble };
  const list = coalesced(() => journalsIn(folder));
  const load = async (name: string): Promise<SavedUpload | undefined> => {
    const path = join(folder, name);
    const reading = await readOwn(path, MAX_JOURNAL_BYTES).then(readJournal, error => {
      if (error.code !== 'ENOENT') onForeign(path);
    });
    if (reading?.kind === 'newer') throw newerVersion(path, reading.version);
    if (reading?.kind === 'unreadable') {
      onUnreadable(path);
      await unlink(path).catch(() => {});
    }
    return reading?.kind === 'manifest' ? savedUpload(place, path, reading) : undefined;
  };
  const loadAll = async (names: readonly string[], loadOne = load): Promise<readonly SavedUpload[]> => {
    const loaded: (SavedUpload | undefined)[] = [];
    for (let from = 0; from < names.length; from += OPEN_AT_ONCE)
      loaded.push(...(await Promise.all(names.slice(from, from + OPEN_AT_ONCE).map(name => loadOne(name)))));
    return loaded.filter(saved => saved !== undefined).sort((a, b) => b.manifest.createdAtMs - a.manifest.createdAtMs);
  };

  return {
    own: async identity => (await loadAll((await list()).filter(beginsWith(ownPrefix(identity)))))[0],
    elsewhere: async identity => {
      const isOwn = beginsWith(ownPrefix(identity));
      const names = (await list()).filter(beginsWith(requestPrefix(identity))).filter(name => !isOwn(name));
      const others = await loadAll(names, name => load(name).catch(() => undefined));
      return others.filter(({ manifest }) => manifest.request.bytes === identity.request.bytes);
    },
    list: async () => loadAll(await list(), name => load(name).catch(() => undefined)),
    create: header => createJournal(place, { type: 'upload', version: MANIFEST_VERSION, ...header }),
  };
};

const beginsWith =
  (prefix: string) =>
  (name: string): boolean =>
    name.startsWith(prefix);

/** 10,000 parts take 2 MB. */
const MAX_JOURNAL_BYTES = 32 * 1024 ** 2;

/** A thousand saved uploads are read side by side, without a thousand open files. */
const OPEN_AT_ONCE = 32;

const { O_APPEND, O_WRONLY } = constants;

/** Where the journals are. */
type Place = {
  readonly folder: string;
  /** New names are durable then. */
  sync(): Promise<void>;
  onTrouble(error: unknown): void;
};

async function createJournal({ folder, sync, onTrouble }: Place, header: ManifestHeader): Promise<Journal> {
  const identity = { ...header, realPath: header.path };
  const path = join(folder, journalName(identity, header.uploadId));
  const draft = join(folder, draftName(identity));
  const manifest = manifestFrom(header);
  try {
    const opening = inFolder(folder, () => makeOwn(draft, O_APPEND));
    const file = await whenReady(opening, async draftFile => {
      await draftFile.appendFile(sealRecord(header));
      await draftFile.sync();
      // Named only once its header is whole: another process would take it for a torn one, and drop it.
      await rename(draft, path);
    });
    await sync();
    return appendingJournal(path, file, manifest, onTrouble);
  } catch (error) {
    await unlink(draft).catch(() => {});
    onTrouble(error);
    return appendingJournal(path, undefined, manifest, onTrouble);
  }
}

type Reading = Extract<JournalReading, { kind: 'manifest' }>;

function savedUpload(place: Place, path: string, { manifest, trustedBytes }: Reading): SavedUpload {
  const { folder, sync, onTrouble } = place;
  const reopenAt = (home: string) => reopen(home, trustedBytes, manifest, onTrouble);
  return {
    manifest,
    open: () => reopenAt(path),
    adopt: async (identity, fingerprint) => {
      const name = join(folder, journalName(identity, manifest.uploadId));
      const home = await rename(path, name).then(
        () => name,
        error => {
          onTrouble(error);
          return path;
        },
      );
      const journal = await reopenAt(home);
      await journal.rehome(identity.realPath, fingerprint);
      await sync();
      return journal;
    },
    forget: async () => {
      await unlink(path).catch(() => {});
    },
  };
}

/** Opens a journal to go on with; what is behind the trusted lines is cut off first. */
async function reopen(
  path: string,
  trustedBytes: number,
  manifest: Manifest,
  onTrouble: (error: unknown) => void,
): Promise<Journal> {
  try {
    const file = await whenReady(openOwn(path, O_WRONLY | O_APPEND), opened => opened.truncate(trustedBytes));
    return appendingJournal(path, file, manifest, onTrouble);
  } catch (error) {
    onTrouble(error);
    return appendingJournal(path, undefined, manifest, onTrouble);
  }
}

const newerVersion = (path: string, version: number) =>
  usageError(
    `the saved upload of this file has version ${version}, this oai-upload reads up to ${MANIFEST_VERSION}: ${path}`,
    'use the newer oai-upload that saved it, or another --state-dir; it is left as it is',
  );
