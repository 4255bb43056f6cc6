import type { CheckOptions } from '../../../src/check/types.ts';

/** A small file, and everything that the check finds in it: see `found`. */
export type Row = {
  readonly name: string;
  readonly text: string | Uint8Array;
  readonly expected: readonly string[];
  readonly options?: Partial<CheckOptions>;
};

export const row = (name: string, text: string | Uint8Array, ...expected: readonly string[]): Row => ({
  name,
  text,
  expected,
});

/** The same row for other services or other options. */
export const where = (options: Partial<CheckOptions>, ...rows: readonly Row[]): readonly Row[] =>
  rows.map(one => ({ ...one, name: `${one.name} (${Object.values(options).join(', ')})`, options }));

export const onAzure = (...rows: readonly Row[]): readonly Row[] => where({ service: 'azure' }, ...rows);
export const elsewhere = (...rows: readonly Row[]): readonly Row[] => where({ service: 'other' }, ...rows);
export const strictly = (...rows: readonly Row[]): readonly Row[] => where({ strict: true }, ...rows);
