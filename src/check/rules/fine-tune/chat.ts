import { type Place, WHOLE_FILE } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/object.ts';
import type { Context } from '../context.ts';
import { createPlaces } from '../places.ts';
import { exactPlace, type Line } from '../rule.ts';
import { checkExample } from './example.ts';
import { type Conversation, checkMessages } from './messages.ts';

/** Fields of a chat example; any other one is for the grader of a reinforcement example. */
const OF_CHAT: ReadonlySet<string> = new Set([
  'messages',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'parallel_tool_calls',
]);

/**
 * Lines with `messages`: chat, which ends with the assistant, or reinforcement, which ends with the user. Which of them
 * a file is, and so what is wrong with a line, is known at its end: one line may fit either.
 */
export function createConversations(context: Context) {
  const { notes, summary } = context;
  // As chat a line needs the assistant, better last; as reinforcement it must end with the user.
  const [noAssistant, notLast, notUser] = [createPlaces(notes.max), createPlaces(notes.max), createPlaces(notes.max)];
  const votes = { chat: 0, reinforcement: 0 };
  let [lines, graded] = [0, 0];

  const isReinforcement = (): boolean => votes.reinforcement > votes.chat;

  const judge = ({ hasAssistant, lastRole }: Conversation, example: JsonObject, line: Line): void => {
    const [endsWithUser, endsWithAssistant] = [lastRole === 'user', lastRole === 'assistant'];
    const place = (isFull: boolean): Place => (isFull ? WHOLE_FILE : exactPlace(line, ['messages']));
    if (!hasAssistant) noAssistant.add(place(noAssistant.isFull()));
    else if (!endsWithAssistant) notLast.add(place(notLast.isFull()));
    if (!endsWithUser) notUser.add(place(notUser.isFull()));
    const hasGraderFields = !endsWithAssistant && Object.keys(example).some(name => !OF_CHAT.has(name));
    if (hasGraderFields) graded += 1;
    if (hasAssistant && !endsWithUser) votes.chat += 1;
    else if (hasGraderFields || (endsWithUser && !hasAssistant)) votes.reinforcement += 1;
    if (noAssistant.total > 0 && (votes.chat > 0 || !endsWithUser)) notes.expect('no-assistant');
  };

  return {
    line: (example: JsonObject, line: Line): void => {
      lines += 1;
      const path = ['messages'];
      const conversation = checkMessages(example['messages'], path, line, context);
      if (!conversation) return;
      checkExample(conversation, example, path, line, context);
      judge(conversation, example, line);
    },
    end: (): void => {
      if (lines === 0) return;
      summary.format(isReinforcement() ? 'reinforcement' : 'chat', lines);
      if (isReinforcement()) {
        notes.addAll('last-user', notUser, 'the last message must be from the user: this is a reinforcement file');
        if (graded === 0) notes.add('reinforcement-only', WHOLE_FILE, ONLY);
      } else {
        notes.addAll('no-assistant', noAssistant, 'messages need at least one of the assistant: it is what is learnt');
        notes.addAll('last-message', notLast, 'the last message should be from the assistant');
      }
    },
  };
}

const ONLY = 'no example has a message of the assistant: the file fits reinforcement fine-tuning only';
