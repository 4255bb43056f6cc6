import { malformedReply, statusFailure } from '../http/failure.ts';
import { isSuccess } from '../http/reply.ts';
import type { Sender } from '../http/sender.ts';
import { parseJson } from '../http/server-words.ts';

/** The list of models: the one request that needs a key, changes nothing, and nearly every server has. */
export const fetchModels = async (
  { send }: Pick<Sender, 'send'>,
  signal: AbortSignal,
): Promise<{ readonly listed: boolean; readonly count?: number }> => {
  const reply = await send({ endpoint: 'models', method: 'GET', path: '/models' }, signal);
  if (reply.status === 404) return { listed: false };
  if (!isSuccess(reply.status)) throw statusFailure('models', reply, Date.now());
  const json = parseJson(reply.body);
  if (typeof json !== 'object' || json === null) throw malformedReply('models', reply, 'it is not a JSON object');
  const { data } = json as { readonly data?: unknown };
  return { listed: true, ...(Array.isArray(data) && { count: data.length }) };
};
