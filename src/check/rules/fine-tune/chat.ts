import { WHOLE_FILE } from '../../findings/finding.ts';
import type { Notebook } from '../../findings/notebook.ts';
import type { JsonObject } from '../../json/object.ts';
import type { Context } from '../context.ts';
import { createPlaces, type PlaceList } from '../places.ts';
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
  const faults = createFaults(notes);
  const votes = { chat: 0, reinforcement: 0 };
  let [lines, graded] = [0, 0];

  const isReinforcement = (): boolean => votes.reinforcement > votes.chat;

  const judge = (conversation: Conversation, example: JsonObject, line: Line): void => {
    const { hasAssistant, lastRole } = conversation;
    const endsWithUser = lastRole === 'user';
    faults.add(conversation, line);
    const hasGraderFields = lastRole !== 'assistant' && Object.keys(example).some(name => !OF_CHAT.has(name));
    if (hasGraderFields) graded += 1;
    if (hasAssistant && !endsWithUser) votes.chat += 1;
    else if (hasGraderFields || (endsWithUser && !hasAssistant)) votes.reinforcement += 1;
    if (faults.lacksAssistant() && (votes.chat > 0 || !endsWithUser)) notes.expect('no-assistant');
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
      if (!isReinforcement()) faults.noteOfChat();
      else {
        faults.noteOfReinforcement();
        if (graded === 0) notes.add('reinforcement-only', WHOLE_FILE, ONLY);
      }
    },
  };
}

/** What is wrong with lines: as chat they need the assistant, better last; as reinforcement they must end with the user. */
function createFaults(notes: Notebook) {
  const [noAssistant, notLast, notUser] = [createPlaces(notes.max), createPlaces(notes.max), createPlaces(notes.max)];
  const add = (places: PlaceList, line: Line): void =>
    places.add(places.isFull() ? WHOLE_FILE : exactPlace(line, ['messages']));
  return {
    add: ({ hasAssistant, lastRole }: Conversation, line: Line): void => {
      if (!hasAssistant) add(noAssistant, line);
      else if (lastRole !== 'assistant') add(notLast, line);
      if (lastRole !== 'user') add(notUser, line);
    },
    lacksAssistant: (): boolean => noAssistant.total > 0,
    noteOfChat: (): void => {
      notes.addAll('no-assistant', noAssistant, 'messages need at least one of the assistant: it is what is learnt');
      notes.addAll('last-message', notLast, 'the last message should be from the assistant');
    },
    noteOfReinforcement: (): void => {
      notes.addAll('last-user', notUser, 'the last message must be from the user: this is a reinforcement file');
    },
  };
}

const ONLY = 'no example has a message of the assistant: the file fits reinforcement fine-tuning only';
