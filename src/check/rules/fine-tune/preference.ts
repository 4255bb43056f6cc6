import { quoted } from '../../findings/quoted.ts';
import { isObject, type JsonObject } from '../../json/object.ts';
import type { Context } from '../context.ts';
import { type Line, nameOf, placeOf } from '../rule.ts';
import { checkExample } from './example.ts';
import { type Conversation, checkMessages } from './messages.ts';
import { isSame } from './same.ts';

const OUTPUTS = ['preferred_output', 'non_preferred_output'] as const;

const OUTPUT_ROLES: readonly unknown[] = ['assistant', 'tool'];

/** `{"input": {"messages"}, "preferred_output", "non_preferred_output"}`. */
export function checkPreference(example: JsonObject, line: Line, context: Context): void {
  checkInput(example['input'], line, context);
  for (const name of OUTPUTS) checkOutput(example[name], name, line, context);
  const { notes } = context;
  const [better, worse] = OUTPUTS.map(name => example[name]);
  if (better !== undefined && isSame(better, worse))
    notes.add('equal-outputs', { line: line.number, column: null }, 'both outputs are equal: nothing is preferred');
}

function checkInput(input: unknown, line: Line, context: Context): void {
  const { notes } = context;
  if (!isObject(input)) {
    const place = placeOf('input', line, ['input'], notes);
    notes.add('input', place, `input must be an object with messages, and is ${quoted(input)}`);
    return;
  }
  const path = ['input', 'messages'];
  const conversation = checkMessages(input['messages'], path, line, context);
  if (!conversation) return;
  checkExample(conversation, input, path, line, context);
  if (!conversation.hasUser)
    notes.add('input-user', placeOf('input-user', line, path, notes), 'input.messages needs a message of the user');
}

function checkOutput(output: unknown, name: string, line: Line, context: Context): void {
  const conversation = checkMessages(output, [name], line, context);
  if (conversation) checkRoles(conversation, name, line, context);
}

function checkRoles({ messages, hasAssistant }: Conversation, name: string, line: Line, { notes }: Context): void {
  const stranger = messages.findIndex(({ role }) => !OUTPUT_ROLES.includes(role));
  if (stranger >= 0) {
    const at = [name, stranger, 'role'];
    const says = `${nameOf(at)} must be assistant or tool, and is ${quoted(messages[stranger]?.['role'])}`;
    notes.add('output-role', placeOf('output-role', line, at, notes), says);
  }
  if (!hasAssistant)
    notes.add('no-assistant', placeOf('no-assistant', line, [name], notes), `${name} needs a message of the assistant`);
}
