import * as v from 'valibot';
import { holdsSecret } from '../policy/secrets.ts';

/** OpenAI's own ids, and the base64 that gateways use. None can end a line, leave a path segment or hold an escape. */
const PATTERN = /^[A-Za-z0-9][A-Za-z0-9._~:+/=@-]{0,511}$/;

/** Whether a text can be the id of a File, an Upload or a Part. */
export const isId = (text: string): boolean => PATTERN.test(text);

const holdsNone = (text: string): boolean => !holdsSecret(text);

/** An id in a reply or in a journal. */
export const Id = v.pipe(
  v.string(),
  v.regex(PATTERN, 'is not an id'),
  v.check(holdsNone, 'is not an id: it holds a secret of the request'),
);
