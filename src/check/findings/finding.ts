import type { Finding as PublicFinding } from '../../core/model/check.ts';
import type { RuleName } from './catalog.ts';

/** Where in the file; a null line is the file as a whole, a null column the line as a whole. Both count from 1. */
export type Place = { readonly line: number | null; readonly column: number | null };

export const WHOLE_FILE: Place = { line: null, column: null };

/** Something that is wrong, looks wrong, or is worth knowing. */
export type Finding = PublicFinding & { readonly rule: RuleName };

/** The first findings in the order of lines, and how many there are. */
export type Findings = { readonly shown: readonly Finding[]; readonly total: number };

/** Places of one problem: the first ones, and how many there are. */
export type Places = { readonly shown: readonly Place[]; readonly total: number };
