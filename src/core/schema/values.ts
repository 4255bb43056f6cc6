import * as v from 'valibot';

// Schemas of what is printed. They are read by the build and by the compiler; no command loads them.

/** An object whose fields are read-only. */
export const record = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.object(entries), v.readonly());

export const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());

export const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
export const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
export const text = v.string();

export const Md5 = v.pipe(
  v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
  v.description('Lower-case hex of the whole file; null where it is not known.'),
);
