// What TypeScript calls the schemas of what is printed, in its own words: whoever compiles against the library needs no
// valibot, and reads what the fields mean.

/** Declarations of schemas, which are given by their names. Texts are those that TypeScript can say more of. */
export const declarationsOf = (schemas, texts) => {
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  return Object.entries(schemas)
    .map(([name, schema]) => `${comment(schema)}export type ${name} = ${written(schema, { names, texts })};\n`)
    .join('\n');
};

/** What a schema is called where another one refers to it. */
const named = (schema, context) => context.names.get(schema) ?? context.texts.get(schema) ?? written(schema, context);

const written = (schema, context) => {
  const write = writers[schema.type];
  if (!write) throw new Error(`no type of TypeScript is known for ${schema.type}`);
  return write(schema, inner => named(inner, context), context);
};

const writers = {
  boolean: () => 'boolean',
  null: () => 'null',
  number: () => 'number',
  string: () => 'string',
  literal: ({ literal }) => quoted(literal),
  picklist: ({ options }) => options.map(quoted).join(' | '),
  nullable: ({ wrapped }, of) => `${of(wrapped)} | null`,
  nullish: ({ wrapped }, of) => `${of(wrapped)} | null | undefined`,
  optional: ({ wrapped }, of) => `${of(wrapped)} | undefined`,
  exact_optional: ({ wrapped }, of) => of(wrapped),
  union: ({ options }, of, { names }) =>
    options.map(option => `\n${indented(`${names.has(option) ? '' : comment(option)}| ${of(option)}`)}`).join(''),
  array: ({ item }, of) => `ReadonlyArray<${of(item)}>`,
  record: ({ value }, of) => `Readonly<Record<string, ${of(value)}>>`,
  object: ({ entries }, of) => block(fieldsOf(entries, of)),
  loose_object: ({ entries }, of) => block([...fieldsOf(entries, of), 'readonly [field: string]: unknown;']),
};

const MAY_BE_ABSENT = ['nullish', 'optional', 'exact_optional'];

const fieldsOf = (entries, of) =>
  Object.entries(entries).map(
    ([name, schema]) =>
      `${comment(schema)}readonly ${name}${MAY_BE_ABSENT.includes(schema.type) ? '?' : ''}: ${of(schema)};`,
  );

const block = lines => `{\n${lines.map(indented).join('\n')}\n}`;

const indented = text => text.replace(/^/gm, '    ');

const quoted = value => (typeof value === 'string' ? `'${value}'` : String(value));

const comment = schema => {
  const text = descriptionOf(schema);
  return text === undefined ? '' : `/** ${text} */\n`;
};

/** A schema's own, or that of what it wraps. */
const descriptionOf = ({ pipe = [], wrapped }) => {
  const own = pipe.findLast(({ type }) => type === 'description')?.description;
  const [inner = wrapped] = pipe;
  return own ?? (inner && descriptionOf(inner));
};
