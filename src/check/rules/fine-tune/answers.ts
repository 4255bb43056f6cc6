import type { RuleName } from '../../findings/catalog.ts';
import { quoted } from '../../findings/quoted.ts';
import { isObject, type JsonObject } from '../../json/object.ts';
import { listOf } from './calls.ts';

/** Something that is wrong between messages; `index` is that of the message. */
export type Mismatch = { readonly rule: RuleName; readonly index: number; readonly says: string };

/** Calls without an answer before the next message of another role, and answers without a call. */
export function answersAndCalls(messages: readonly JsonObject[]): readonly Mismatch[] {
  const found: Mismatch[] = [];
  const called = new Set<unknown>();
  let open: { readonly index: number; readonly ids: Set<unknown> } | undefined;
  const close = (): void => {
    if (open && open.ids.size > 0) found.push(unanswered(open.index, [...open.ids][0]));
    open = undefined;
  };
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const id = message['tool_call_id'];
      if (!called.has(id)) found.push(unknownId(index, id));
      open?.ids.delete(id);
      continue;
    }
    close();
    const ids = idsIn(message);
    for (const id of ids) called.add(id);
    // Nothing follows the last message: its calls are what is learnt.
    if (ids.size > 0 && index < messages.length - 1) open = { index, ids };
  }
  close();
  return found;
}

const idsIn = ({ tool_calls: calls }: JsonObject): Set<unknown> =>
  new Set(listOf(calls).flatMap(call => (isObject(call) ? [call['id']] : [])));

const unanswered = (index: number, id: unknown): Mismatch => ({
  rule: 'unanswered-tool-call',
  index,
  says: `calls a tool (id ${quoted(id)}), and no tool message answers before the next message`,
});

const unknownId = (index: number, id: unknown): Mismatch => ({
  rule: 'unknown-tool-call-id',
  index,
  says: `answers the call ${quoted(id)}, and no earlier message made it`,
});
