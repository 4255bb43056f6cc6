import type { ErrorCode } from '../core/errors/errors.ts';
import type { OptionSpec } from './options/option.ts';

export type ArgumentSpec = {
  /** `<file>`, `[file...]`: angles for one that must be there. */
  readonly syntax: string;
  readonly description: string;
  /** What a shell may offer for it. */
  readonly offers?: 'files' | 'saved' | readonly string[];
};

export type Example = readonly [does: string, line: string];

export type CommandSpec = {
  readonly description: string;
  /** What other tools call it. */
  readonly aliases?: readonly string[];
  /** What follows the name of the command. */
  readonly synopsis: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly Example[];
  /** How it may end, besides done, a bug and a mistake of usage. */
  readonly exits: readonly ErrorCode[];
};
