import { describe, expect, it } from 'vitest';
import { checkFile } from '../../src/check/check-file.ts';
import { assistant, chat, checkText, errorsOf, request, tenOf, user, warningsOf } from './check.ts';

describe('batch', () => {
  const ROWS: readonly (readonly [name: string, line: string, errors: readonly string[]])[] = [
    ['a request', request(), []],
    ['any path below /v1/', request({ url: '/v1/some/new/thing' }), []],
    ['no custom_id', request({ custom_id: undefined }), ['1 custom-id']],
    ['a number for custom_id', request({ custom_id: 1 }), ['1 custom-id']],
    ['GET', request({ method: 'GET' }), ['1 method']],
    ['post', request({ method: 'post' }), ['1 method']],
    ['a whole URL', request({ url: 'https://api.openai.com/v1/responses' }), ['1 url']],
    ['a path without version', request({ url: '/chat/completions' }), ['1 url']],
    ['no url', request({ url: undefined }), ['1 url']],
    ['a body that is text', request({ body: '{}' }), ['1 body']],
    ['nothing right', '{}', ['1 custom-id', '1 method', '1 url', '1 body']],
  ];

  it.each(ROWS)('%s', async (_, line, errors) => {
    expect(errorsOf(await checkText('batch', line))).toEqual(errors);
  });

  it('wants every custom_id once, and names the line of the first', async () => {
    const ids = ['a', 'b', 'a', '__proto__', 'a', '__proto__'].map(id => request({ custom_id: id }));
    const verdict = await checkText('batch', ids.join('\n'));
    const reason = 'duplicate-custom-id';
    expect(errorsOf(verdict)).toEqual([`3 ${reason}`, `5 ${reason}`, `6 ${reason}`]);
    expect(verdict.errors.shown[1]?.message).toBe('custom_id "a" is that of line 1 too');
  });

  it('takes 50,000 lines and no more', async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => request({ custom_id: `${index}` })).join('\n');
    expect(errorsOf(await checkText('batch', lines(50_000)))).toEqual([]);
    expect(errorsOf(await checkText('batch', lines(50_001)))).toEqual(['too-many-lines']);
  });

  it.each([
    [200 * 1024 ** 2, []],
    [200 * 1024 ** 2 + 1, ['too-large']],
  ])('of %i bytes', async (bytes, errors) => {
    const read = async function* () {
      yield Buffer.from(request());
    };
    expect(errorsOf(await checkFile({ name: 'a.jsonl', purpose: 'batch', bytes, read }))).toEqual(errors);
  });

  it('warns once of urls and of models that differ', async () => {
    const lines = ['/v1/responses', '/v1/embeddings', '/v1/completions'].map((url, index) =>
      request({ custom_id: `${index}`, url, body: { model: `m${index}` } }),
    );
    const verdict = await checkText('batch', lines.join('\n'));
    expect(errorsOf(verdict)).toEqual([]);
    expect(warningsOf(verdict)).toEqual(['2 mixed-urls', '2 mixed-models']);
  });

  it('warns of an endpoint that is not documented', async () => {
    expect(warningsOf(await checkText('batch', request({ url: '/v1/x' })))).toEqual(['1 unknown-endpoint']);
  });
});

describe('fine-tune', () => {
  const parts = [{ type: 'text', text: 'a' }];
  const call = { role: 'assistant', tool_calls: [{ id: 'x' }] };
  const tool = { role: 'tool', tool_call_id: 'x', content: '1' };
  const preference = (more: object = {}) =>
    JSON.stringify({
      input: { messages: [user] },
      preferred_output: [assistant],
      non_preferred_output: [assistant],
      ...more,
    });
  const chatOf = (more: object) => chat(user, { ...assistant, ...more });
  const reinforcement = JSON.stringify({ messages: [user], reference_answer: 'x' });

  const ROWS: readonly (readonly [name: string, example: string, errors: readonly string[]])[] = [
    ['chat', chat({ role: 'system', content: 'Be kind.' }, user, assistant), []],
    ['content in parts', chat({ role: 'user', content: parts }, assistant), []],
    ['a call of a tool', chat(user, call, tool, assistant), []],
    ['weights', chat(user, { ...assistant, weight: 0 }, user, { ...assistant, weight: 1 }), []],
    ['a developer', chat({ role: 'developer', content: '' }, user, assistant), []],
    ['another weight', chatOf({ weight: 0.5 }), ['1 weight']],
    ['a weight of true', chatOf({ weight: true }), ['1 weight']],
    ['another role', chat({ role: 'bot', content: 'a' }, assistant), ['1 role']],
    ['no role', chat({ content: 'a' }, assistant), ['1 role']],
    ['no content', chat({ role: 'user' }, assistant), ['1 content']],
    ['an answer of nothing', chatOf({ content: null }), ['1 content']],
    ['parts of nothing', chat({ role: 'user', content: [] }, assistant), ['1 content']],
    ['parts without type', chat({ role: 'user', content: ['a'] }, assistant), ['1 content']],
    ['no answer', chat(user), ['1 no-assistant']],
    ['no messages', chat(), ['1 messages']],
    ['messages that are text', '{"messages":"a"}', ['1 messages']],
    ['a message that is text', '{"messages":["a"]}', ['1 messages', '1 no-assistant']],
    ['no format', '{"text":"a"}', ['1 unknown-format']],
  ];

  it.each(ROWS)('%s', async (_, example, errors) => {
    expect(errorsOf(await checkText('fine-tune', tenOf(example, chat(user, assistant))))).toEqual(errors);
  });

  const OTHERS: readonly (readonly [name: string, example: string, good: string, errors: readonly string[]])[] = [
    ['preference', preference(), preference(), []],
    ['no input', preference({ input: undefined }), preference(), ['1 input']],
    ['input that is text', preference({ input: 'a' }), preference(), ['1 input']],
    ['no output', preference({ preferred_output: undefined }), preference(), ['1 messages']],
    ['an output of the user', preference({ non_preferred_output: [user] }), preference(), ['1 no-assistant']],
    ['completions', '{"prompt":"","completion":"b"}', '{"prompt":"a","completion":"b"}', []],
    ['no completion', '{"prompt":"a"}', '{"prompt":"a","completion":"b"}', ['1 completion']],
    ['a prompt of numbers', '{"prompt":[1],"completion":"b"}', '{"prompt":"a","completion":"b"}', ['1 prompt']],
    ['reinforcement', reinforcement, reinforcement, []],
  ];

  it.each(OTHERS)('%s', async (_, example, good, errors) => {
    expect(errorsOf(await checkText('fine-tune', tenOf(example, good)))).toEqual(errors);
  });

  it('wants one format on all lines', async () => {
    const verdict = await checkText('fine-tune', `${preference()}\n${tenOf(chat(user, assistant), preference())}`);
    expect(errorsOf(verdict)).toEqual(['2 mixed-formats']);
  });

  it('wants ten examples', async () => {
    const good = chat(user, assistant);
    expect(errorsOf(await checkText('fine-tune', Array(9).fill(good).join('\n')))).toEqual(['too-few-examples']);
  });
});

it.each([
  ['fine-tune', 'a.json', ['filename']],
  ['batch', 'a.jsonl.gz', ['filename']],
  ['batch', 'A.JSONL', []],
  ['evals', 'a.json', []],
])('for %s the name %s', async (purpose, name, errors) => {
  const text = purpose === 'fine-tune' ? tenOf(chat(user, assistant), chat(user, assistant)) : request();
  const read = async function* () {
    yield Buffer.from(text);
  };
  expect(errorsOf(await checkFile({ name, purpose, bytes: text.length, read }))).toEqual(errors);
});
