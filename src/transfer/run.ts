import type { Emit } from '../core/events/events.ts';
import type { StartCheck } from '../core/model/check.ts';
import type { Ledger } from '../core/model/ledger.ts';
import type { Checksums, Clock, Locks, ManifestStore, Source, UploadsApi } from '../core/ports.ts';
import type { ConcurrencySearch } from './concurrency/search-concurrency.ts';
import type { FileSlots, Slots } from './parts/slots.ts';
import type { Pace } from './requests/pace.ts';
import type { Requests } from './requests/requests.ts';

/** The ports that the pushes of all files of a run share. */
export type Run = {
  readonly api: UploadsApi;
  readonly manifests: ManifestStore;
  readonly ledger: Ledger;
  readonly locks: Locks;
  readonly requests: Requests;
  /** Places for the parts in flight. */
  readonly slots: Slots;
  /** Absent: their number stays as it is. */
  readonly search?: ConcurrencySearch | undefined;
  /** Absent: as fast as it goes. */
  readonly pace?: Pace | undefined;
  readonly clock: Clock;
  readonly checksums: Checksums;
  loadCheck(): Promise<StartCheck>;
  openSource(path: string): Promise<Source>;
};

/** The same for a push: its bytes move when its turn has come. */
export type PushRun = Run & { inTurn<T>(effect: () => Promise<T>): Promise<T> };

/** The same for one file: its events go to one sink. */
export type FileRun = Omit<Run, 'slots'> & { readonly emit: Emit; readonly slots: FileSlots };
