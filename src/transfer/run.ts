import type { Emit } from '../core/events/events.ts';
import type { Checksum, Clock, Ledger, Limit, Locks, ManifestStore, Source, UploadsApi } from '../core/ports.ts';
import type { ConcurrencySteering } from './concurrency/steer-concurrency.ts';
import type { Pace } from './requests/pace.ts';
import type { Requests } from './requests/requests.ts';

/** What one run has in hand: the ports that every file's push shares. */
export type Run = {
  readonly api: UploadsApi;
  readonly manifests: ManifestStore;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly requests: Requests;
  readonly limit: Limit;
  /** Absent: the limit stays as it is. */
  readonly steering?: ConcurrencySteering | undefined;
  /** Absent: as fast as it goes. */
  readonly pace?: Pace | undefined;
  readonly clock: Clock;
  readonly checksum: Checksum;
  openSource(path: string): Promise<Source>;
};

/** The same for a push: its bytes move when its turn has come. */
export type PushRun = Run & { inTurn<T>(effect: () => Promise<T>): Promise<T> };

/** The same for one file: its events go to one sink. */
export type FileRun = Run & { readonly emit: Emit };
