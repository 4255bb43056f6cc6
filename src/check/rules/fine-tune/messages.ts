import { quoted } from '../../findings/quoted.ts';
import { isAbsent, isObject, type JsonObject } from '../../json/object.ts';
import type { Path } from '../../json/scan.ts';
import type { Context } from '../context.ts';
import { apply, type Line, nameOf, placeOf, type Rule } from '../rule.ts';
import { callRules } from './calls.ts';
import { partRules } from './parts.ts';

export const ROLES: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

/** Rules about one message. */
const messageRules: readonly Rule<JsonObject>[] = [
  {
    rule: 'role',
    at: 'role',
    fails: ({ role }) => !ROLES.includes(role),
    says: ({ role }, name) => `${name} must be one of ${ROLES.join(', ')}, and is ${quoted(role)}`,
  },
  {
    rule: 'tool-content',
    at: 'content',
    fails: ({ role, content }) => role === 'tool' && typeof content !== 'string',
    says: ({ content }, name) => `${name} of a tool must be a string, and is ${quoted(content)}`,
  },
  {
    rule: 'content',
    at: 'content',
    fails: message => message['role'] !== 'tool' && !isContent(message['content']) && !mayLackContent(message),
    says: ({ content }, name) => `${name} must be a string or an array of parts, and is ${quoted(content)}`,
  },
  {
    rule: 'weight',
    at: 'weight',
    fails: ({ role, weight }) => role === 'assistant' && !isAbsent(weight) && weight !== 0 && weight !== 1,
    says: ({ weight }, name) => `${name} must be 0 or 1, and is ${quoted(weight)}`,
  },
  {
    rule: 'weight-role',
    at: 'weight',
    fails: ({ role, weight }) => role !== 'assistant' && !isAbsent(weight),
    says: ({ role }, name) => `${name} is on a message of the role ${quoted(role)}: only the assistant learns`,
    hint: 'remove weight from this message',
  },
];

const isContent = (content: unknown): boolean =>
  typeof content === 'string' || (Array.isArray(content) && content.length > 0);

/** What an assistant may say instead of content. */
const INSTEAD = ['tool_calls', 'function_call', 'refusal', 'audio'] as const;

/** A result of the old functions may be null. */
const mayLackContent = (message: JsonObject): boolean =>
  isAbsent(message['content']) &&
  (message['role'] === 'function' ||
    (message['role'] === 'assistant' && INSTEAD.some(field => isSaid(message[field]))));

const isSaid = (value: unknown): boolean => !isAbsent(value) && !(Array.isArray(value) && value.length === 0);

/** A message that can break no rule, as nearly all are: a known role, a text, and nothing that needs a look. */
const isPlain = (message: JsonObject): boolean =>
  typeof message['content'] === 'string' &&
  ROLES.includes(message['role']) &&
  message['weight'] === undefined &&
  message['tool_calls'] === undefined &&
  message['function_call'] === undefined;

/** What the messages of one list have in common. */
export type Conversation = {
  readonly messages: readonly JsonObject[];
  readonly hasAssistant: boolean;
  readonly hasUser: boolean;
  readonly lastRole: unknown;
  readonly images: number;
  /** Whether a message calls a tool, or answers a call. */
  readonly hasTools: boolean;
};

/** Checks messages one by one; undefined where they are no list of messages. */
export function checkMessages(messages: unknown, path: Path, line: Line, context: Context): Conversation | undefined {
  if (!Array.isArray(messages) || messages.length === 0) {
    const says = `${nameOf(path)} must be an array of messages, and is ${quoted(messages)}`;
    context.notes.add('messages', placeOf('messages', line, path, context.notes), says);
    return undefined;
  }
  const found = {
    messages,
    hasAssistant: false,
    hasUser: false,
    lastRole: undefined as unknown,
    images: 0,
    hasTools: false,
  };
  for (let index = 0; index < messages.length; index += 1) {
    const message: unknown = messages[index];
    if (!isObject(message)) {
      tellOfStranger(message, [...path, index], line, context);
      return undefined;
    }
    const { role } = message;
    found.hasAssistant ||= role === 'assistant';
    found.hasUser ||= role === 'user';
    found.hasTools ||= role === 'tool' || message['tool_calls'] !== undefined;
    found.lastRole = role;
    if (typeof role === 'string') context.summary.role(role);
    if (!isPlain(message)) found.images += checkMessage(message, [...path, index], line, context);
  }
  return found;
}

function tellOfStranger(message: unknown, path: Path, line: Line, { notes }: Context): void {
  const says = `${nameOf(path)} must be a message object, and is ${quoted(message)}`;
  notes.add('messages', placeOf('messages', line, path, notes), says);
}

/** Returns how many images the message holds. */
function checkMessage(message: JsonObject, path: Path, line: Line, { notes, summary }: Context): number {
  apply(messageRules, message, undefined, { line, path, notes });
  const { content, role, tool_calls: calls, function_call: call } = message;
  if (isObject(call)) apply(callRules, call, undefined, { line, path: [...path, 'function_call'], notes });
  if (Array.isArray(calls))
    for (const [index, one] of calls.entries()) {
      const called: unknown = isObject(one) ? one['function'] : undefined;
      apply(callRules, called, undefined, { line, path: [...path, 'tool_calls', index, 'function'], notes });
    }
  if (!Array.isArray(content) || role === 'tool') return 0;
  let images = 0;
  for (const [index, part] of content.entries()) {
    apply(partRules, part, role, { line, path: [...path, 'content', index], notes });
    if (isObject(part) && part['type'] === 'image_url') images += 1;
  }
  for (let image = 0; image < images; image += 1) summary.image();
  return images;
}
