import { OFFICIAL, OPENAI_ONLY, type RuleList } from './level.ts';

// Sources: OpenAI's OpenAPI description (Batch) and SDK types; Azure's how-to for batches, its error codes and limits.
export const batchCatalog = {
  'custom-id': { level: 'error', about: '`custom_id` is a string that is not empty' },
  // Azure's code duplicate_custom_id.
  'duplicate-custom-id': { level: 'error', about: '`custom_id` is unique in the file' },
  // Gateways in front of the API keep ids in 256 characters.
  'custom-id-length': { level: 'warning', about: '`custom_id` has at most 256 characters' },
  method: { level: 'error', about: '`method` is `POST`' },
  url: { level: 'error', about: '`url` is a path such as `/v1/chat/completions`' },
  'unknown-endpoint': {
    level: 'warning',
    about: '`url` is a documented endpoint of batches (Azure: also without `/v1`)',
  },
  // The documented code url_mismatch.
  'url-mismatch': { level: 'error', about: 'all lines have the same `url`' },
  body: { level: 'error', about: '`body` is an object' },
  model: { level: 'error', about: '`body.model` is a string that is not empty' },
  // Moderations, images, videos and stored prompts have a default model in the API's description.
  'default-model': { level: 'warning', about: '`body.model` is missing where the endpoint has a default' },
  // The documented code model_mismatch.
  'model-mismatch': { level: 'error', about: 'all lines have the same `body.model`' },
  // The answers of a batch are a file: nothing can be streamed.
  stream: { level: 'error', about: '`body.stream` is not true' },
  // The required fields of each endpoint in the API's description.
  'missing-input': { level: 'error', about: '`body` has the `messages`, `input` or `prompt` that its `url` needs' },
  // Batch API: 50,000. Azure's limits: 100,000, code too_many_tasks.
  'too-many-requests': { level: OFFICIAL, about: 'at most 50,000 requests (Azure: 100,000)' },
  // Batch API: "/v1/embeddings batches are also restricted to a maximum of 50,000 embedding inputs".
  'too-many-inputs': { level: OPENAI_ONLY, about: 'at most 50,000 inputs of `/v1/embeddings` in all lines together' },
} as const satisfies RuleList;
