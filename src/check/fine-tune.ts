import type { Notebook } from './finding.ts';
import { quoted } from './finding.ts';
import { checkMessages, hasAssistant } from './messages.ts';
import { isObject, type JsonObject, type Rules } from './record.ts';

/** Fewest examples that a fine-tuning job takes. */
export const MIN_EXAMPLES = 10;

/** The documented forms of an example. */
export type Format = 'chat' | 'preference' | 'completions' | 'reinforcement';

type Check = (example: JsonObject, line: number, notes: Notebook) => void;

/** Examples, one a line, all of one format. */
export const fineTuneRules = (notes: Notebook): Rules => {
  let first: { readonly format: Format; readonly line: number } | undefined;
  return {
    record: (example, line) => {
      const format = formatOf(example);
      if (format === undefined) return notes.error({ line }, 'unknown-format', NO_FORMAT);
      first ??= { format, line };
      if (format !== first.format) {
        const message = `all lines must have one format: this one is ${names[format]}, line ${first.line} is ${names[first.format]}`;
        notes.error({ line }, 'mixed-formats', message);
      }
      checks[format](example, line, notes);
    },
    end: lines => {
      if (lines < MIN_EXAMPLES)
        notes.error(
          { line: null },
          'too-few-examples',
          `fine-tuning needs at least ${MIN_EXAMPLES} examples, this file has ${lines}`,
        );
    },
  };
};

const names: Readonly<Record<Format, string>> = {
  chat: 'chat (messages)',
  preference: 'preference (input, preferred_output, non_preferred_output)',
  completions: 'completions (prompt, completion)',
  reinforcement: 'reinforcement (messages without an answer, and fields for the grader)',
};

const NO_FORMAT =
  'no format of fine-tuning: an example has messages, or input, preferred_output and non_preferred_output, or prompt and completion';

const RESERVED: readonly string[] = ['messages', 'tools', 'functions', 'parallel_tool_calls'];

/** By its fields. Examples for reinforcement have no answer, but other fields for the grader. */
function formatOf(example: JsonObject): Format | undefined {
  if ('messages' in example) return isForGrader(example) ? 'reinforcement' : 'chat';
  if ('preferred_output' in example || 'non_preferred_output' in example) return 'preference';
  return 'prompt' in example || 'completion' in example ? 'completions' : undefined;
}

const isForGrader = (example: JsonObject): boolean =>
  !hasAssistant(example['messages']) && Object.keys(example).some(name => !RESERVED.includes(name));

const checkChat: Check = ({ messages }, line, notes) => {
  checkMessages(messages, 'messages', line, notes);
  if (Array.isArray(messages) && messages.length > 0 && !hasAssistant(messages))
    notes.error({ line }, 'no-assistant', 'messages need at least one of the assistant: it is what is learnt');
};

const checkReinforcement: Check = ({ messages }, line, notes) => checkMessages(messages, 'messages', line, notes);

const checkPreference: Check = ({ input, ...outputs }, line, notes) => {
  if (isObject(input)) checkMessages(input['messages'], 'input.messages', line, notes);
  else notes.error({ line }, 'input', `input must be an object with messages, and is ${quoted(input)}`);
  for (const name of ['preferred_output', 'non_preferred_output']) {
    const output = outputs[name];
    checkMessages(output, name, line, notes);
    if (Array.isArray(output) && output.length > 0 && !hasAssistant(output))
      notes.error({ line }, 'no-assistant', `${name} needs a message of the assistant`);
  }
};

const checkCompletions: Check = (example, line, notes) => {
  for (const name of ['prompt', 'completion']) {
    if (typeof example[name] !== 'string')
      notes.error({ line }, name, `${name} must be a string, and is ${quoted(example[name])}`);
  }
};

const checks: Readonly<Record<Format, Check>> = {
  chat: checkChat,
  preference: checkPreference,
  completions: checkCompletions,
  reinforcement: checkReinforcement,
};
