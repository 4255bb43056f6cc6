import { json, type Reply } from '../http/reply.ts';

/** A list to ask for when only the key is in question. */
export async function listModels(): Promise<Reply> {
  return json({
    object: 'list',
    data: [{ id: 'gpt-4o-mini', object: 'model', created: 1_721_172_741, owned_by: 'system' }],
  });
}
