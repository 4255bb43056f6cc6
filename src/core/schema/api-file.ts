import * as v from 'valibot';

const second = v.nullish(v.pipe(v.number(), v.description('Seconds since the epoch.')));
const text = v.nullish(v.string());

export const ApiFile = v.pipe(
  v.looseObject({
    id: v.string(),
    object: v.nullish(v.literal('file')),
    bytes: v.nullish(v.number()),
    created_at: second,
    expires_at: second,
    filename: text,
    purpose: text,
    status: text,
  }),
  v.readonly(),
  v.description('The File object as the server gave it: unknown fields are kept, except what is too deep or too long.'),
);
export type ApiFile = v.InferOutput<typeof ApiFile>;
