// JSON Schemas of what is printed, from the schemas of valibot.
import { toJsonSchema } from '@valibot/to-json-schema';

/** The JSON Schema of a valibot schema; definitions are the parts of it that are named. */
export const jsonSchemaOf = ({ schema, definitions }) => {
  const options = { target: 'draft-2020-12', typeMode: 'input', ignoreActions: ['readonly'] };
  const { $schema, ...rest } = toJsonSchema(schema, { ...options, definitions, overrideSchema: plainer });
  return { $schema, ...rest };
};

/** What has a shorter form in JSON Schema than the converter's, or one that it leaves out. */
const plainer = ({ valibotSchema: { type }, jsonSchema }) => {
  if (type === 'record') return { type: 'object', additionalProperties: jsonSchema.additionalProperties };
  if (type === 'loose_object') return { ...jsonSchema, additionalProperties: true };
  if (type !== 'nullable' && type !== 'nullish') return undefined;
  const [{ enum: words, ...inner }] = jsonSchema.anyOf;
  // What is referred to, or has one value only, stays apart from null.
  if (typeof inner.type !== 'string') return undefined;
  return { ...inner, type: [inner.type, 'null'], ...(words && { enum: [...words, null] }) };
};
