import { grouped } from '../../../core/policy/units.ts';
import { WHOLE_FILE } from '../../findings/finding.ts';
import type { Notebook } from '../../findings/notebook.ts';
import { quoted } from '../../findings/quoted.ts';
import type { JsonObject } from '../../json/object.ts';
import { createConsensus, type Says } from '../consensus.ts';
import type { Context } from '../context.ts';
import { createForeignLines } from '../foreign.ts';
import { apply, type Line, limitTo, type PurposeRules, type Rule } from '../rule.ts';
import { createConversations } from './chat.ts';
import { checkPreference } from './preference.ts';

/** Fewest examples that a fine-tuning job accepts. */
export const MIN_EXAMPLES = 10;

/** Most examples with images, by the guide to vision fine-tuning. */
const MAX_WITH_IMAGES = 50_000;

/** By their fields; chat and reinforcement look alike. */
type Format = 'messages' | 'preference' | 'completions';

const formatOf = (example: JsonObject): Format | undefined => {
  if ('messages' in example) return 'messages';
  if ('preferred_output' in example || 'non_preferred_output' in example) return 'preference';
  return 'prompt' in example || 'completion' in example ? 'completions' : undefined;
};

const NAMES: Readonly<Record<string, string>> = {
  messages: 'chat or reinforcement (messages)',
  preference: 'preference (input, preferred_output, non_preferred_output)',
  completions: 'completions (prompt, completion)',
};

const isAnotherFormat: Says = (value, usual) =>
  `all lines must have one format: this one is ${NAMES[value]}, and most are ${NAMES[usual]}`;

const TOO_MANY_WITH_IMAGES = {
  rule: 'too-many-image-examples',
  says: (count: number) => `at most ${grouped(MAX_WITH_IMAGES)} examples may have images, and ${grouped(count)} have`,
} as const;

const NO_FORMAT =
  'no format of fine-tuning: an example has messages, or input, preferred_output and non_preferred_output, or prompt and completion';

const completionRules: readonly Rule<JsonObject>[] = (['prompt', 'completion'] as const).map(field => ({
  rule: field,
  at: field,
  fails: (example: JsonObject) => typeof example[field] !== 'string',
  says: (example: JsonObject) => `${field} must be a string, and is ${quoted(example[field])}`,
}));

/** Examples, one a line, all of one format. */
export function createFineTuneRules(context: Context): PurposeRules {
  const { notes, summary } = context;
  const foreign = createForeignLines('fine-tune', notes);
  const conversations = createConversations(context);
  const formats = createConsensus('mixed-formats', notes, isAnotherFormat);
  const withImages = limitTo(MAX_WITH_IMAGES, notes, TOO_MANY_WITH_IMAGES);

  const check = (format: Format, example: JsonObject, line: Line): void => {
    if (format === 'messages') conversations.line(example, line);
    else {
      summary.format(format);
      if (format === 'preference') checkPreference(example, line, context);
      else apply(completionRules, example, undefined, { line, path: [], notes });
    }
  };

  return {
    line: (example, line) => {
      const format = formatOf(example);
      if (format === undefined) {
        if (!foreign.has(example, line)) notes.add('unknown-format', { line: line.number, column: null }, NO_FORMAT);
        return;
      }
      if (formats.vote(format, line, []) && formats.isBroken()) notes.expect('mixed-formats');
      const before = summary.images();
      check(format, example, line);
      if (summary.images() > before) withImages.add(1);
    },
    settle: () => {
      formats.end();
      conversations.end();
      withImages.end();
    },
    end: lines => {
      if (lines < MIN_EXAMPLES && !foreign.any()) noteTooFew(lines, notes);
    },
  };
}

function noteTooFew(lines: number, notes: Notebook): void {
  const says = `fine-tuning needs at least ${MIN_EXAMPLES} examples, and this file has ${lines}`;
  notes.add('too-few-examples', WHOLE_FILE, says);
}
