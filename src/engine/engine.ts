import { join } from 'node:path';
import pLimit from 'p-limit';
import { accountOf } from '../core/model/destination.ts';
import { createUploadsApi } from '../io/api/uploads-api.ts';
import { systemClock } from '../io/output/clock.ts';
import { loadChecksums, preferredChecksum } from '../io/read/checksum.ts';
import { connectionsAtOnce } from '../io/read/descriptors.ts';
import { createReader } from '../io/read/file-reader.ts';
import { openFileSource } from '../io/source/file-source.ts';
import { createLedger } from '../io/state/ledger.ts';
import { searchConcurrency } from '../transfer/concurrency/search-concurrency.ts';
import { createSlots } from '../transfer/parts/slots.ts';
import { createPace } from '../transfer/requests/pace.ts';
import { createRequests } from '../transfer/requests/requests.ts';
import type { Run } from '../transfer/run.ts';
import type { Access } from './access.ts';
import { loadCheck } from './check.ts';
import { openLocks } from './locks.ts';
import { logged, type RequestSink } from './logged-requests.ts';
import { type Notice, openManifests } from './saved-uploads.ts';
import type { EngineSettings } from './settings.ts';
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
    kind: access.destination.kind,
    baseUrl: access.baseUrl,
    key: access.key,
    ...accountOf(access.destination),
    userAgent: `oai-upload/${options.version}`,
    log,
  });
  return {
    api,
    manifests: openManifests(stateDir, notice),
    ledger: createLedger(join(stateDir, 'uploaded.ledger')),
    locks: openLocks(stateDir, notice),
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
