import type { Service } from '../types.ts';

/** An error: the service documents that it refuses this, or it can never work. */
export type Level = 'error' | 'warning' | 'note';

export type RuleInfo = {
  readonly level: Level | Readonly<Record<Service, Level>>;
  /** What a file must be, or what is looked for, for the table of rules in `docs/check.md`. */
  readonly about: string;
};

/** Cites a limit or a list of OpenAI's, which Azure shares and other servers may not. */
export const OFFICIAL = { openai: 'error', azure: 'error', other: 'warning' } as const;

/** Cites a limit that OpenAI alone documents. */
export const OPENAI_ONLY = { openai: 'error', azure: 'warning', other: 'warning' } as const;

export type RuleList = Readonly<Record<string, RuleInfo>>;
