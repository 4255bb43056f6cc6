import { nearest } from '../../cli/options/suggest.ts';
import type { World } from '../../cli/process-context.ts';
import { PURPOSES } from '../../core/model/limits.ts';
import { printable } from '../../report/text/text.ts';
import type { GlobalValues } from '../context/globals.ts';

/** Tells of a purpose that is likely a slip. It is passed on all the same: the server decides. */
export function tellOfSlip(
  purpose: string | undefined,
  { quiet, progress }: GlobalValues,
  { stderr }: Pick<World, 'stderr'>,
): void {
  if (purpose === undefined || quiet || progress === 'json' || PURPOSES.some(known => known === purpose)) return;
  const meant = nearest(purpose, PURPOSES);
  if (meant) stderr.write(`note: the purpose "${printable(purpose)}" is not a known one: did you mean ${meant}?\n`);
}
