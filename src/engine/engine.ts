import { join } from 'node:path';
import pLimit from 'p-limit';
import { AUTOMATIC_CONCURRENCY } from '../core/concurrency/search.ts';
import { createUploadsApi } from '../io/api/uploads-api.ts';
import { systemClock } from '../io/output/clock.ts';
import { loadChecksums, preferredChecksum } from '../io/read/checksum.ts';
import { connectionsAtOnce } from '../io/read/descriptors.ts';
import { createReader } from '../io/read/file-reader.ts';
import { openFileSource } from '../io/source/file-source.ts';
import { createLedger } from '../io/state/ledger.ts';
import { createLocks } from '../io/state/lock.ts';
import { createManifestStore } from '../io/state/manifest-store.ts';
import { searchConcurrency } from '../transfer/concurrency/search-concurrency.ts';
import { createSlots } from '../transfer/parts/slots.ts';
import { createPace } from '../transfer/requests/pace.ts';
import { createRequests } from '../transfer/requests/requests.ts';
import type { Run } from '../transfer/run.ts';
import type { Access } from './access.ts';
import { loadCheck } from './check.ts';
import { logged, type RequestSink } from './logged-requests.ts';
import { threadPrograms } from './worker-urls.ts';

export type EngineOptions = EngineSettings & {
  readonly access: Access;
  readonly stateDir: string;
  readonly version: string;
  /** Told what belongs to no file. */
  readonly notice: Notice;
  /** Receives every request. */
  readonly log?: RequestSink | undefined;
};

type Notice = (message: string) => void;

const DEFAULTS = { retries: 10, connectTimeoutMs: 10_000, stallTimeoutMs: 60_000, completeTimeoutMs: 600_000 } as const;

export type EngineValues = {
  readonly concurrency?: number | 'auto' | undefined;
  readonly retries?: number | undefined;
  readonly connectTimeout?: number | undefined;
  readonly stallTimeout?: number | undefined;
  /** Bytes a second. */
  readonly limitRate?: number | undefined;
};

export type EngineSettings = ReturnType<typeof engineSettings>;

/** The options with defaults applied. */
export const engineSettings = ({ concurrency, retries, connectTimeout, stallTimeout, limitRate }: EngineValues) => ({
  concurrency: typeof concurrency === 'number' ? concurrency : startOf(limitRate),
  /** Whether it may be changed by what happens. */
  isAutomatic: typeof concurrency !== 'number',
  retries: retries ?? DEFAULTS.retries,
  connectTimeoutMs: connectTimeout ?? DEFAULTS.connectTimeoutMs,
  stallTimeoutMs: stallTimeout ?? DEFAULTS.stallTimeoutMs,
  /** Where a stall timeout is given, no request waits longer than twice that. */
  completeTimeoutMs: stallTimeout === undefined ? DEFAULTS.completeTimeoutMs : 2 * stallTimeout,
  limitRate,
});

/** Where the rate is limited, the first part tells how many may share it. */
const startOf = (limitRate: number | undefined): number =>
  limitRate === undefined ? AUTOMATIC_CONCURRENCY.start : AUTOMATIC_CONCURRENCY.min;

/** The adapters and limits of one run. Call close() when it ends. */
export type Engine = Run & { close(): void };

/** Where ports meet adapters. */
export const openEngine = (options: EngineOptions): Engine => {
  const { access, stateDir, notice } = options;
  const asked = createRequests({ retries: options.retries, clock: systemClock, random: Math.random });
  const { requests, log } = logged(asked, options.log);
  const reader = createReader(threadPrograms, loadCheck);
  const limit = pLimit(connectionsAtOnce(options.concurrency));
  const { close, ...api } = createUploadsApi({
    ...options,
    ...access.network,
    baseUrl: access.baseUrl,
    key: access.key,
    organization: access.destination.organization,
    project: access.destination.project,
    userAgent: `oai-upload/${options.version}`,
    log,
  });
  return {
    api,
    manifests: openManifests(stateDir, notice),
    ledger: createLedger(join(stateDir, 'uploaded.ledger')),
    locks: createLocks(join(stateDir, 'locks'), systemClock, error =>
      notice(`warning: no lock can be made, so another run may upload the same file: ${sentenceOf(error)}`),
    ),
    requests,
    slots: createSlots(limit),
    search: options.isAutomatic ? searchConcurrency(limit, systemClock, api.roundTripMs, options.limitRate) : undefined,
    pace: options.limitRate === undefined ? undefined : createPace(options.limitRate, systemClock),
    clock: systemClock,
    checksums: { preferred: preferredChecksum, start: async kind => (await loadChecksums())(kind) },
    loadCheck,
    openSource: path => openFileSource(path, reader.readFile),
    close: () => {
      close();
      reader.close();
    },
  };
};

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

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Says the same thing of the same path once. */
const once = (tell: (path: string) => void): ((path: string) => void) => {
  const known = new Set<string>();
  return path => {
    if (!known.has(path)) tell(path);
    known.add(path);
  };
};
