import { grouped } from '../../../core/policy/units.ts';
import { quoted } from '../../findings/quoted.ts';
import { isObject, type JsonObject } from '../../json/object.ts';
import { createConsensus, type Says } from '../consensus.ts';
import type { Context } from '../context.ts';
import { createForeignLines } from '../foreign.ts';
import { apply, type Line, limitTo, type PurposeRules } from '../rule.ts';
import { endpointOf, inputsOf, isDocumented, isPath } from './endpoints.ts';
import { createIds } from './ids.ts';
import { MAX_EMBEDDING_INPUTS, MAX_REQUESTS } from './limits.ts';
import { bodyRules, isModel, requestRules } from './request.ts';
import { summarize } from './summarize.ts';

/** Requests, one a line, of one url and one model. */
export function createBatchRules(context: Context): PurposeRules {
  const { notes, summary } = context;
  const foreign = createForeignLines('batch', notes);
  const ids = createIds(notes);
  const urls = createUrls(context);
  const models = createConsensus('model-mismatch', notes, differs('model'));
  const { requests, inputs } = createLimits(context);

  const checkBody = (body: JsonObject, request: JsonObject, line: Line): void => {
    apply(bodyRules, body, request, { line, path: BODY, notes });
    if (isModel(body['model']) && models.vote(body['model'], line, MODEL) && models.isBroken())
      notes.expect('model-mismatch');
    if (isEmbeddings(request['url'])) inputs.add(inputsOf(body['input']));
  };

  return {
    line: (request, line) => {
      requests.add(1);
      if (foreign.has(request, line)) return;
      apply(requestRules, request, undefined, { line, path: [], notes });
      ids.add(request['custom_id'], line);
      urls.add(request['url'], line);
      if (isObject(request['body'])) checkBody(request['body'], request, line);
      summarize(request, summary);
    },
    settle: () => {
      for (const one of [urls, models, requests, inputs]) one.end();
    },
    end: () => {},
  };
}

/** Urls of requests: one for all of them, and a documented one. */
function createUrls({ notes, service }: Context) {
  const urls = createConsensus('url-mismatch', notes, differs('url'));
  return {
    add: (url: unknown, line: Line): void => {
      if (!isPath(url) || !urls.vote(url, line, URL)) return;
      if (urls.isBroken()) notes.expect('url-mismatch');
      if (isDocumented(url, service)) return;
      const place = { line: line.number, column: null };
      notes.add('unknown-endpoint', place, `${quoted(url)} is not a documented endpoint of batches${orWithV1(url)}`);
    },
    end: urls.end,
  };
}

function createLimits({ notes, service }: Context) {
  const [most, mostInputs] = [MAX_REQUESTS[service], MAX_EMBEDDING_INPUTS];
  return {
    requests: limitTo(most, notes, {
      rule: 'too-many-requests',
      says: count => `a batch takes at most ${grouped(most)} requests, and this file has ${grouped(count)}`,
    }),
    inputs: limitTo(mostInputs, notes, {
      rule: 'too-many-inputs',
      says: count =>
        `a batch of embeddings takes at most ${grouped(mostInputs)} inputs, and this file has ${grouped(count)}`,
    }),
  };
}

const [URL, BODY, MODEL] = [['url'], ['body'], ['body', 'model']] as const;

const differs =
  (field: string): Says =>
  (value, usual) =>
    `${field} is ${quoted(value)}, and ${quoted(usual)} on other lines: a batch has one ${field}`;

const orWithV1 = (url: string): string => (endpointOf(url) ? `: did you mean "/v1${url}"?` : '');

const isEmbeddings = (url: unknown): boolean => url === '/v1/embeddings' || url === '/embeddings';
