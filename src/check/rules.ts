import { batchRules } from './batch.ts';
import type { Notebook } from './finding.ts';
import { fineTuneRules } from './fine-tune.ts';
import type { Rules } from './record.ts';

type RulesOf = (notes: Notebook) => Rules;

/** Purposes whose files are JSON lines, and what each asks of a line. An eval takes any object. */
const jsonlPurposes = new Map<string, RulesOf>([
  ['batch', batchRules],
  ['fine-tune', fineTuneRules],
  ['evals', () => ({ record: () => {}, end: () => {} })],
]);

/** Whether files of this purpose are JSON lines. */
export const isJsonl = (purpose: string): boolean => jsonlPurposes.has(purpose);

/** What is asked of each line of this purpose. */
export const rulesOf = (purpose: string, notes: Notebook): Rules | undefined => jsonlPurposes.get(purpose)?.(notes);
