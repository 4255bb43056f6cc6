import type { Service } from '../types.ts';
import { batchCatalog } from './catalog-batch.ts';
import { evalsCatalog, fileCatalog } from './catalog-file.ts';
import { fineTuneCatalog } from './catalog-fine-tune.ts';
import type { Level, RuleInfo } from './level.ts';

/** Every rule by its name, under the files that it is for. Names are public: `--json` prints them. */
export const catalog = {
  'every file': fileCatalog,
  batch: batchCatalog,
  'fine-tune': fineTuneCatalog,
  evals: evalsCatalog,
} as const;

export type RuleName =
  | keyof typeof fileCatalog
  | keyof typeof batchCatalog
  | keyof typeof fineTuneCatalog
  | keyof typeof evalsCatalog;

const infos: Readonly<Record<RuleName, RuleInfo>> = {
  ...fileCatalog,
  ...batchCatalog,
  ...fineTuneCatalog,
  ...evalsCatalog,
};

/** How serious a rule is for a service; `strict` knows no warnings. */
export const levelOf = (rule: RuleName, service: Service, strict = false): Level => {
  const { level } = infos[rule];
  const found = typeof level === 'string' ? level : level[service];
  return strict && found === 'warning' ? 'error' : found;
};
