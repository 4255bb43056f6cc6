import { quoted } from '../../findings/quoted.ts';
import { isAbsent, isObject, type JsonObject } from '../../json/object.ts';
import type { Rule } from '../rule.ts';
import { endpointOf, hasDefaultModel, isPath } from './endpoints.ts';

/** Rules about one request: `{"custom_id", "method": "POST", "url", "body"}`. */
export const requestRules: readonly Rule<JsonObject>[] = [
  {
    rule: 'custom-id',
    at: 'custom_id',
    fails: ({ custom_id: id }) => typeof id !== 'string' || id === '',
    says: ({ custom_id: id }) => `custom_id must be a string that is not empty, and is ${quoted(id)}`,
  },
  {
    rule: 'custom-id-length',
    at: 'custom_id',
    fails: ({ custom_id: id }) => typeof id === 'string' && id.length > LONGEST_ID,
    says: ({ custom_id: id }) =>
      `custom_id has ${String(id).length} characters: some services keep ${LONGEST_ID} of them only`,
  },
  {
    rule: 'method',
    at: 'method',
    fails: ({ method }) => method !== 'POST',
    says: ({ method }) => `method must be "POST", and is ${quoted(method)}`,
  },
  {
    rule: 'url',
    at: 'url',
    fails: ({ url }) => !isPath(url),
    says: ({ url }) => `url must be a path such as "/v1/chat/completions", and is ${quoted(url)}`,
  },
  {
    rule: 'body',
    at: 'body',
    fails: ({ body }) => !isObject(body),
    says: ({ body }) => `body must be an object, and is ${quoted(body)}`,
  },
];

const LONGEST_ID = 256;

/** Rules about the body of a request. */
export const bodyRules: readonly Rule<JsonObject, JsonObject>[] = [
  {
    rule: 'model',
    at: 'model',
    fails: (body, request) => !isModel(body['model']) && !(isAbsent(body['model']) && hasDefaultModel(request, body)),
    says: ({ model }, name) => `${name} must be the name of a model, and is ${quoted(model)}`,
  },
  {
    rule: 'default-model',
    fails: (body, request) => isAbsent(body['model']) && hasDefaultModel(request, body),
    says: () => 'body.model is missing: the service chooses its default',
  },
  {
    rule: 'stream',
    at: 'stream',
    fails: ({ stream }) => stream === true,
    says: () => 'body.stream is true: the answers of a batch cannot be streamed',
    hint: 'leave stream out',
  },
  {
    rule: 'missing-input',
    fails: (body, { url }) => {
      const needs = endpointOf(url)?.needs;
      return needs?.every(field => isAbsent(body[field])) ?? false;
    },
    says: (_, name, { url }) => `${name} has no ${endpointOf(url)?.needs[0]}: ${String(url)} needs it`,
  },
];

export const isModel = (model: unknown): model is string => typeof model === 'string' && model !== '';
