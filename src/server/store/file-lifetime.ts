import { EXPIRES_AFTER_SECONDS } from '../../core/model/limits.ts';

/** How long a File lives: as asked, a batch file otherwise 30 days, any other for ever. */
export function fileLifetime(purpose: string, askedSeconds: number | undefined): { readonly lifetimeSeconds?: number } {
  const lifetimeSeconds = askedSeconds ?? (purpose === 'batch' ? EXPIRES_AFTER_SECONDS.max : undefined);
  return lifetimeSeconds === undefined ? {} : { lifetimeSeconds };
}
