import { UPLOAD_LIFETIME_MS } from '../../core/model/limits.ts';
import { createFaultPicker, type FaultPicker } from '../faults/fault-picker.ts';
import type { ServerOptions } from '../options.ts';
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
};

export async function openContext(options: ServerOptions, closing: AbortSignal): Promise<Context> {
  await sweep(options.dir);
  return {
    options: { ...options, lifetimeMs: options.lifetimeMs ?? UPLOAD_LIFETIME_MS },
    dir: options.dir,
    lock: createKeyedLock(),
    pickFault: createFaultPicker(options.faults ?? []),
    closing,
    inFlight: { parts: 0 },
  };
}
