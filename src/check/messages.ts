import { type Notebook, quoted } from './finding.ts';
import { isObject, type JsonObject } from './record.ts';

const ROLES: readonly unknown[] = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

/** What an assistant may say instead of content. */
const INSTEAD_OF_CONTENT = ['tool_calls', 'function_call', 'refusal', 'audio'] as const;

export const hasAssistant = (messages: unknown): boolean =>
  Array.isArray(messages) && messages.some(message => isObject(message) && message['role'] === 'assistant');

/** A list of at least one message; `name` is where it stands in the line. */
export function checkMessages(messages: unknown, name: string, line: number, notes: Notebook): void {
  if (Array.isArray(messages) && messages.length > 0) {
    for (const [index, message] of messages.entries()) checkMessage(message, `${name}[${index}]`, line, notes);
  } else {
    const found = Array.isArray(messages) ? 'an empty one' : quoted(messages);
    notes.error({ line }, 'messages', `${name} must be an array of messages, and is ${found}`);
  }
}

function checkMessage(message: unknown, name: string, line: number, notes: Notebook): void {
  if (isObject(message)) checkFields(message, name, line, notes);
  else notes.error({ line }, 'messages', `${name} must be a message object, and is ${quoted(message)}`);
}

function checkFields(message: JsonObject, name: string, line: number, notes: Notebook): void {
  const { role, weight } = message;
  if (!ROLES.includes(role))
    notes.error({ line }, 'role', `${name}.role must be one of ${ROLES.join(', ')}, and is ${quoted(role)}`);
  if (!isContent(message['content']) && !mayLackContent(message))
    notes.error(
      { line },
      'content',
      `${name}.content must be a string or an array of parts, and is ${contentOf(message)}`,
    );
  if (weight !== undefined && weight !== 0 && weight !== 1)
    notes.error({ line }, 'weight', `${name}.weight must be 0 or 1, and is ${quoted(weight)}`);
}

const contentOf = ({ content }: JsonObject): string =>
  Array.isArray(content) ? 'an array of something else' : quoted(content);

const isContent = (content: unknown): boolean =>
  typeof content === 'string' || (Array.isArray(content) && content.length > 0 && content.every(isPart));

const isPart = (part: unknown): boolean => isObject(part) && typeof part['type'] === 'string';

const mayLackContent = (message: JsonObject): boolean =>
  message['role'] === 'assistant' &&
  (message['content'] === undefined || message['content'] === null) &&
  INSTEAD_OF_CONTENT.some(field => message[field] !== undefined && message[field] !== null);
