import { quoted } from '../findings/quoted.ts';
import { isObject, type JsonObject } from '../json/object.ts';
import { createConsensus } from './consensus.ts';
import type { Context } from './context.ts';
import { apply, type PurposeRules, type Rule } from './rule.ts';

const lineRules: readonly Rule<JsonObject>[] = [
  {
    rule: 'item',
    at: 'item',
    fails: line => 'item' in line && !isObject(line['item']),
    says: ({ item }) => `item must be an object, and is ${quoted(item)}`,
  },
];

const [WITH, WITHOUT] = ['with', 'without'];

/** Objects, one a line: all with an `item`, or none, and all with the same keys. */
export function createEvalsRules({ notes, summary }: Context): PurposeRules {
  const items = createConsensus('item-mismatch', notes, value =>
    value === WITH ? 'item is here, and on other lines it is missing' : 'item is missing, and other lines have it',
  );
  const keys = createConsensus('missing-keys', notes, missing);
  return {
    line: (value, line) => {
      apply(lineRules, value, undefined, { line, path: [], notes });
      const hasItem = 'item' in value;
      if (items.vote(hasItem ? WITH : WITHOUT, line, []) && items.isBroken()) notes.expect('item-mismatch');
      // Lines with and without an item differ in that: their keys are compared among themselves.
      if (isObject(value['item'])) keys.vote(signature(value['item']), line, ['item']);
      else if (!hasItem) keys.vote(signature(value), line, []);
      summary.format(hasItem ? 'item' : 'object');
    },
    settle: () => {
      items.end();
      if (!items.isBroken()) keys.end();
    },
    end: () => {},
  };
}

const signature = (record: JsonObject): string => JSON.stringify(Object.keys(record).sort());

/** Keys that most lines have; further keys do no harm. */
function missing(value: string, usual: string): string | undefined {
  const [keys, usualKeys] = [namesIn(value), namesIn(usual)];
  if (!keys || !usualKeys) return 'the keys differ from those of most lines';
  const absent = [...usualKeys].filter(key => !keys.has(key));
  if (absent.length === 0) return undefined;
  return `${absent.slice(0, 3).map(quoted).join(', ')}${absent.length > 3 ? ' and more' : ''}: missing here, present on most lines`;
}

/** Undefined of a signature that was too long to keep. */
const namesIn = (text: string): Set<string> | undefined => {
  try {
    return new Set(JSON.parse(text) as readonly string[]);
  } catch {
    return undefined;
  }
};
