import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from '../../core/errors/errors.ts';
import { MANIFEST_VERSION, type Manifest, type ManifestHeader, manifestFrom } from '../../core/model/manifest.ts';
import { type Destination, requestIdentity, type UploadRequest } from '../../core/model/request.ts';
import type { Journal, ManifestStore, SavedUpload, UploadIdentity } from '../../core/ports.ts';
import { appendingJournal, syncFolder } from './journal-file.ts';
import { type JournalReading, readJournal, sealRecord } from './journal-records.ts';
import { makeFolder } from './make-folder.ts';

export type StoreOptions = {
  /** Folder of the journals; made when first written to. */
  readonly folder: string;
  /** Told, once a run, that progress cannot be saved. */
  onUnsaved(error: unknown): void;
  /** Told of a journal whose header cannot be trusted: it is dropped. */
  onUnreadable(path: string): void;
};

/** Saved uploads, a file each: `<destination and request>-<path>-<upload>.journal`, so that a look-up opens only its own. */
export const createManifestStore = ({ folder, onUnsaved, onUnreadable }: StoreOptions): ManifestStore => {
  let told = false;
  const onTrouble = (error: unknown): void => {
    if (!told) onUnsaved(error);
    told = true;
  };
  const load = async (name: string): Promise<SavedUpload | undefined> => {
    const path = join(folder, name);
    const reading = await readFile(path).then(readJournal, () => undefined);
    if (reading?.kind === 'newer') throw newerVersion(path, reading.version);
    if (reading?.kind === 'unreadable') {
      onUnreadable(path);
      await unlink(path).catch(() => {});
    }
    return reading?.kind === 'manifest' ? savedUpload(folder, path, reading, onTrouble) : undefined;
  };
  const loadAll = async (names: readonly string[], loadOne = load): Promise<readonly SavedUpload[]> => {
    const loaded: (SavedUpload | undefined)[] = [];
    for (let from = 0; from < names.length; from += OPEN_AT_ONCE)
      loaded.push(...(await Promise.all(names.slice(from, from + OPEN_AT_ONCE).map(name => loadOne(name)))));
    return loaded.filter(saved => saved !== undefined).sort((a, b) => b.manifest.createdAtMs - a.manifest.createdAtMs);
  };

  return {
    own: async identity => (await loadAll(await namesIn(folder, ownPrefix(identity))))[0],
    elsewhere: async identity => {
      const own = ownPrefix(identity);
      const names = (await namesIn(folder, requestPrefix(identity))).filter(name => !name.startsWith(own));
      const others = await loadAll(names, name => load(name).catch(() => undefined));
      return others.filter(({ manifest }) => manifest.request.bytes === identity.request.bytes);
    },
    list: async () => loadAll(await namesIn(folder, ''), name => load(name).catch(() => undefined)),
    create: header => createJournal(folder, { type: 'upload', version: MANIFEST_VERSION, ...header }, onTrouble),
  };
};

const SUFFIX = '.journal';

/** A thousand saved uploads are read side by side, without a thousand open files. */
const OPEN_AT_ONCE = 32;

const namesIn = async (folder: string, prefix: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter(name => name.startsWith(prefix) && name.endsWith(SUFFIX));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);

type Named = { readonly destination: Destination; readonly request: UploadRequest };

const requestPrefix = ({ destination, request }: Named): string => `${hash(requestIdentity(destination, request))}-`;

const ownPrefix = (identity: UploadIdentity): string => `${requestPrefix(identity)}${hash(identity.realPath)}-`;

const journalName = (identity: UploadIdentity, uploadId: string): string =>
  `${ownPrefix(identity)}${hash(uploadId).slice(0, 8)}${SUFFIX}`;

async function createJournal(
  folder: string,
  header: ManifestHeader,
  onTrouble: (error: unknown) => void,
): Promise<Journal> {
  const identity = { ...header, realPath: header.path };
  const path = join(folder, journalName(identity, header.uploadId));
  const draft = join(folder, `${ownPrefix(identity)}draft`);
  const manifest = manifestFrom(header);
  try {
    await makeFolder(folder);
    const file = await openedAs(draft, 'w', async draftFile => {
      await draftFile.appendFile(sealRecord(header));
      await draftFile.sync();
      // Named only once its header is whole: whoever looks meanwhile would take it for a torn one, and drop it.
      await rename(draft, path);
    });
    await syncFolder(folder);
    return appendingJournal(path, file, manifest, onTrouble);
  } catch (error) {
    await unlink(draft).catch(() => {});
    onTrouble(error);
    return appendingJournal(path, undefined, manifest, onTrouble);
  }
}

/** An open file that was made ready; closed again where that fails. */
async function openedAs(path: string, flags: string, ready: (file: FileHandle) => Promise<void>): Promise<FileHandle> {
  const file = await open(path, flags, 0o600);
  try {
    await ready(file);
    return file;
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
}

type Reading = Extract<JournalReading, { kind: 'manifest' }>;

function savedUpload(
  folder: string,
  path: string,
  { manifest, trustedBytes }: Reading,
  onTrouble: (error: unknown) => void,
): SavedUpload {
  return {
    manifest,
    open: () => reopen(path, trustedBytes, manifest, onTrouble),
    adopt: async (identity, fingerprint) => {
      const name = join(folder, journalName(identity, manifest.uploadId));
      const home = await rename(path, name).then(
        () => name,
        error => {
          onTrouble(error);
          return path;
        },
      );
      const journal = await reopen(home, trustedBytes, manifest, onTrouble);
      await journal.rehome(identity.realPath, fingerprint);
      await syncFolder(folder);
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
    const file = await openedAs(path, 'a', opened => opened.truncate(trustedBytes));
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
