import type { StartCheck } from '../core/model/check.ts';

/** Loads the rules of JSONL files: only a push that checks pays for them. */
export const loadCheck = async (): Promise<StartCheck> => (await import('../check/create-check.ts')).createCheck;
