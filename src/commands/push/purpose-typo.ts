import { nearest } from '../../cli/options/suggest.ts';
import { PURPOSES } from '../../core/model/limits.ts';
import { printable } from '../../report/text/text.ts';

/** Tells of a purpose that is likely a slip. It is passed on all the same: the server decides. */
export function tellOfSlip(purpose: string | undefined, tell: (message: string) => void): void {
  if (purpose === undefined || PURPOSES.some(known => known === purpose)) return;
  const meant = nearest(purpose, PURPOSES);
  if (meant) tell(`note: the purpose "${printable(purpose)}" is not a known one: did you mean ${meant}?`);
}
