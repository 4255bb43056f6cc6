import { UPLOAD_LIFETIME_MS } from '../../core/model/limits.ts';
import { createFaultPicker, type FaultPicker } from '../faults/fault-picker.ts';
import type { ServerOptions } from '../options.ts';
import { claimFolder } from '../store/claim-folder.ts';
import { sweep } from '../store/folder.ts';
import { createKeyedLock, type KeyedLock } from '../store/keyed-lock.ts';

/** What every request of one server shares. */
export type Context = {
  readonly options: ServerOptions & { readonly lifetimeMs: number };
  readonly dir: string;
  /** One change of an Upload at a time. */
  readonly lock: KeyedLock;
  readonly pickFault: FaultPicker;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly inFlight: { parts: number };
  /** Uploads that this server made and that are not over, with the end of their hour. */
  readonly open: Map<string, number>;
};

export async function openContext(options: ServerOptions, closing: AbortSignal): Promise<Context> {
  await claimFolder(options.dir);
  await sweep(options.dir);
  return {
    options: { ...options, lifetimeMs: options.lifetimeMs ?? UPLOAD_LIFETIME_MS },
    dir: options.dir,
    lock: createKeyedLock(),
    pickFault: createFaultPicker(options.faults ?? []),
    closing,
    inFlight: { parts: 0 },
    open: new Map(),
  };
}
