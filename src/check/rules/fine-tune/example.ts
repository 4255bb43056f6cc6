import { quoted } from '../../findings/quoted.ts';
import { isObject, type JsonObject } from '../../json/object.ts';
import type { Path } from '../../json/scan.ts';
import type { Context } from '../context.ts';
import { apply, type Line, nameOf, placeOf, type Rule } from '../rule.ts';
import { answersAndCalls } from './answers.ts';
import { declaredIn, functionRules, listOf, toolRules } from './calls.ts';
import type { Conversation } from './messages.ts';

/** Most images of an example, by the guide to vision fine-tuning. */
const MAX_IMAGES = 64;

/** Rules about a list of messages as a whole. */
const conversationRules: readonly Rule<Conversation>[] = [
  {
    rule: 'too-many-images',
    fails: ({ images }) => images > MAX_IMAGES,
    says: ({ images }) => `this example has ${images} images, and may have ${MAX_IMAGES}`,
  },
  {
    rule: 'nothing-to-learn',
    fails: ({ messages, hasAssistant }) => hasAssistant && messages.every(isIgnored),
    says: () => 'every message of the assistant has weight 0: nothing is learnt from this example',
  },
];

const isIgnored = ({ role, weight }: JsonObject): boolean => role !== 'assistant' || weight === 0;

/** Checks what messages have to do with each other and with the tools that are declared beside them. */
export function checkExample(
  conversation: Conversation,
  beside: JsonObject,
  path: Path,
  line: Line,
  { notes }: Context,
): void {
  apply(conversationRules, conversation, undefined, { line, path, notes });
  checkTools(beside, path.slice(0, -1), line, notes);
  if (!conversation.hasTools) return;
  for (const { rule, index, says } of answersAndCalls(conversation.messages)) {
    const at = [...path, index];
    notes.add(rule, placeOf(rule, line, at, notes), `${nameOf(at)} ${says}`);
  }
  checkDeclared(conversation.messages, declaredIn(beside), path, line, notes);
}

function checkTools({ tools, functions }: JsonObject, path: Path, line: Line, notes: Context['notes']): void {
  for (const [index, tool] of listOf(tools).entries())
    apply(toolRules, tool, undefined, { line, path: [...path, 'tools', index], notes });
  for (const [index, one] of listOf(functions).entries())
    apply(functionRules, one, undefined, { line, path: [...path, 'functions', index], notes });
}

function checkDeclared(
  messages: readonly JsonObject[],
  declared: ReadonlySet<unknown>,
  path: Path,
  line: Line,
  notes: Context['notes'],
): void {
  for (const [index, message] of messages.entries())
    for (const [call, one] of listOf(message['tool_calls']).entries()) {
      const called = isObject(one) && isObject(one['function']) ? one['function']['name'] : undefined;
      if (typeof called !== 'string' || declared.has(called)) continue;
      const at = [...path, index, 'tool_calls', call, 'function', 'name'];
      const place = placeOf('undeclared-function', line, at, notes);
      notes.add(
        'undeclared-function',
        place,
        `the function ${quoted(called)} is called, and tools does not declare it`,
      );
    }
}
