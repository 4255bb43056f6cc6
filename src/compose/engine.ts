import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import pLimit from 'p-limit';
import { AUTOMATIC_CONCURRENCY } from '../core/climb.ts';
import type { Reporter } from '../core/ports.ts';
import { systemClock } from '../io/clock.ts';
import { createDigester } from '../io/digest-thread.ts';
import { openFileSource } from '../io/file-source.ts';
import { createLedger } from '../io/ledger.ts';
import { createLocks } from '../io/lock.ts';
import { createManifestStore } from '../io/manifest-store.ts';
import { createUploadsApi } from '../io/uploads-api.ts';
import type { Show } from '../report/show.ts';
import { createPace } from '../transfer/pace.ts';
import { createRequests } from '../transfer/requests.ts';
import type { Run } from '../transfer/run.ts';
import { steerConcurrency } from '../transfer/steer-concurrency.ts';
import { digestPrograms } from './digest-programs.ts';
import type { GlobalValues } from './globals.ts';
import { logged, openRequestSink } from './request-log.ts';
import type { Target } from './target.ts';

export type EngineOptions = {
  readonly target: Target;
  readonly stateDir: string;
  readonly version: string;
  readonly concurrency: number;
  /** Whether it may be changed by what happens. */
  readonly isSteered: boolean;
  readonly retries: number;
  readonly connectTimeoutMs: number;
  readonly stallTimeoutMs: number;
  readonly limitRate: number | undefined;
  readonly show: Pick<Show, 'notice' | 'request'>;
  /** For what is to be told of requests. */
  readonly globals: Pick<GlobalValues, 'verbose' | 'logFile'>;
};

const DEFAULTS = { retries: 10, connectTimeoutMs: 10_000, stallTimeoutMs: 60_000 } as const;

export type EngineValues = {
  readonly concurrency?: number | 'auto' | undefined;
  readonly retries?: number | undefined;
  readonly connectTimeout?: number | undefined;
  readonly stallTimeout?: number | undefined;
  readonly limitRate?: number | undefined;
};

/** The values of the flags, with the defaults. */
export const engineSettings = ({ concurrency, retries, connectTimeout, stallTimeout, limitRate }: EngineValues) => ({
  concurrency: typeof concurrency === 'number' ? concurrency : AUTOMATIC_CONCURRENCY.start,
  isSteered: typeof concurrency !== 'number',
  retries: retries ?? DEFAULTS.retries,
  connectTimeoutMs: connectTimeout ?? DEFAULTS.connectTimeoutMs,
  stallTimeoutMs: stallTimeout ?? DEFAULTS.stallTimeoutMs,
  limitRate,
});

/** Where ports meet adapters: everything that a run has in hand. */
export const openEngine = (options: EngineOptions): Run => {
  const { target, show } = options;
  const asked = createRequests({ retries: options.retries, clock: systemClock, random: Math.random });
  const { requests, log } = logged(asked, openRequestSink(options.globals, show));
  const digest = createDigester(digestPrograms);
  const limit = pLimit(options.concurrency);
  return {
    api: createUploadsApi({
      ...options,
      ...target.network,
      baseUrl: target.baseUrl,
      key: target.key,
      organization: target.destination.organization,
      project: target.destination.project,
      userAgent: `oai-upload/${options.version}`,
      log,
    }),
    manifests: openManifests(options.stateDir, show),
    ledger: createLedger(join(options.stateDir, 'uploaded.ledger')),
    locks: createLocks(join(options.stateDir, 'locks'), systemClock),
    requests,
    limit,
    steering: options.isSteered ? steerConcurrency(limit, systemClock) : undefined,
    pace: options.limitRate === undefined ? undefined : createPace(options.limitRate, systemClock),
    clock: systemClock,
    checksum: crc32,
    openSource: path => openFileSource(path, digest),
  };
};

/** Saved uploads; whoever shows things is told what could not be saved or read. */
export const openManifests = (stateDir: string, show: Pick<Reporter, 'notice'>) =>
  createManifestStore({
    folder: join(stateDir, 'uploads'),
    onUnsaved: error =>
      show.notice(
        `warning: progress cannot be saved in ${stateDir}, an interrupted upload will not be resumable: ${sentenceOf(error)}`,
      ),
    onUnreadable: path => show.notice(`starting over because the saved upload cannot be read: ${path}`),
  });

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
