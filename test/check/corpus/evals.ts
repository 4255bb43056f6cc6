import { type Row, row, strictly } from './rows.ts';

const item = (...values: readonly unknown[]): string => values.map(one => JSON.stringify({ item: one })).join('\n');

export const evalsRows: readonly Row[] = [
  row('items', item({ q: 1, a: 2 }, { a: 3, q: 4 })),
  row('objects without item', '{"q":1}\n{"q":2}\n'),
  row('items with other fields', '{"item":{"q":1},"sample":{}}\n{"item":{"q":2},"sample":{}}\n'),
  row('an item that is text', item('a', { q: 1 }), 'item@1'),
  row('an item that is null', item(null), 'item@1'),
  row('an item that is a list', item([1]), 'item@1'),
  row('a line without item', `${item({ q: 1 }, { q: 2 })}\n{"q":3}\n`, 'item-mismatch@3'),
  row('the first line without item', `{"q":3}\n${item({ q: 1 }, { q: 2 })}\n`, 'item-mismatch@1'),
  row('a line with item', `{"q":1}\n{"q":2}\n${item({ q: 1 })}\n`, 'item-mismatch@3'),
  row('a missing key', item({ q: 1, a: 2 }, { q: 3, a: 4 }, { q: 5 }), '? missing-keys@3'),
  row('a missing key on the first line', item({ q: 5 }, { q: 1, a: 2 }, { q: 3, a: 4 }), '? missing-keys@1'),
  row('a further key', item({ q: 1 }, { q: 2 }, { q: 3, a: 4 })),
  row('missing keys without item', '{"a":1,"b":2}\n{"a":1,"b":2}\n{"b":1}\n', '? missing-keys@3'),
  row('no key at all', item({ q: 1 }, { q: 2 }, {}), '? missing-keys@3'),
  ...strictly(
    row('a missing key', item({ q: 1, a: 2 }, { q: 3, a: 4 }, { q: 5 }), 'missing-keys@3'),
    row('a further key', item({ q: 1 }, { q: 2 }, { q: 3, a: 4 })),
  ),
];
