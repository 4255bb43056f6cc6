import type { Notebook } from '../../findings/notebook.ts';
import { quoted } from '../../findings/quoted.ts';
import { type Line, placeOf } from '../rule.ts';
import { shortened } from '../shortened.ts';
import { MAX_REQUESTS } from './limits.ts';

/** No more ids are remembered than the largest batch has: a file of more is refused for that. */
const MOST_IDS = Math.max(...Object.values(MAX_REQUESTS));

/** Finds ids that come twice. */
export function createIds(notes: Notebook) {
  const lines = new Map<string, number>();
  return {
    add: (id: unknown, line: Line): void => {
      if (typeof id !== 'string' || id === '') return;
      const key = shortened(id);
      const before = lines.get(key);
      if (before !== undefined) {
        const place = placeOf('duplicate-custom-id', line, ['custom_id'], notes);
        notes.add('duplicate-custom-id', place, `duplicate custom_id ${quoted(id)} (first used on line ${before})`);
      } else if (lines.size < MOST_IDS) lines.set(key, line.number);
    },
  };
}
