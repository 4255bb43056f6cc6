import { among, assistant, chat, good, user } from '../check.ts';
import { elsewhere, onAzure, type Row, row, strictly } from './rows.ts';

const parts = [{ type: 'text', text: 'a' }];
const call = {
  role: 'assistant',
  tool_calls: [{ id: 'x', type: 'function', function: { name: 'f', arguments: '{}' } }],
};
const answer = { role: 'tool', tool_call_id: 'x', content: '1' };
const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
const withTools = (messages: readonly object[], more: object = {}) => JSON.stringify({ messages, tools, ...more });
const image = (url: unknown = 'https://example.com/a.png', more: object = {}) => ({
  type: 'image_url',
  image_url: { url, ...more },
});
const seen = (...images: readonly object[]) => chat({ role: 'user', content: images }, assistant);
const chatOf = (more: object) => chat(user, { ...assistant, ...more });

const preference = (more: object = {}) =>
  JSON.stringify({
    input: { messages: [user] },
    preferred_output: [assistant],
    non_preferred_output: [{ ...assistant, content: 'No.' }],
    ...more,
  });
const preferences = (more: object) => among(preference(more), preference());
const completions = (example: object) => among(JSON.stringify(example), '{"prompt":"a","completion":"b"}');
const reinforcement = JSON.stringify({ messages: [user], reference_answer: 'x' });
const developer = { role: 'developer', content: 'Be kind.' };

export const fineTuneRows: readonly Row[] = [
  row('chat', among(chat({ role: 'system', content: 'Be kind.' }, user, assistant))),
  row('content in parts', among(chat({ role: 'user', content: parts }, assistant))),
  row('a call of a tool', among(withTools([user, call, answer, assistant]))),
  row('a call that is the answer', among(withTools([user, call]))),
  row('weights', among(chat(user, { ...assistant, weight: 0 }, user, { ...assistant, weight: 1 }))),
  row('a developer', among(chat({ role: 'developer', content: '' }, user, assistant))),
  row('a refusal', among(chatOf({ content: null, refusal: 'No.' }))),
  row('a function of the older form', among(chat(user, { role: 'function', name: 'f', content: null }, assistant))),

  row('another weight', among(chatOf({ weight: 0.5 })), 'weight@1'),
  row('a weight of true', among(chatOf({ weight: true })), 'weight@1'),
  row('a weight of the user', among(chat({ ...user, weight: 1 }, assistant)), 'weight-role@1'),
  row('no weight but 0', among(chatOf({ weight: 0 })), '? nothing-to-learn@1'),
  row('another role', among(chat({ role: 'bot', content: 'a' }, assistant)), 'role@1'),
  row('no role', among(chat({ content: 'a' }, assistant)), 'role@1'),
  ...elsewhere(row('another role', among(chat({ role: 'bot', content: 'a' }, assistant)), '? role@1')),
  row('no content', among(chat({ role: 'user' }, assistant)), 'content@1'),
  row('an answer of nothing', among(chatOf({ content: null })), 'content@1'),
  row('an answer of no calls', among(chatOf({ content: null, tool_calls: [] })), 'content@1'),
  row('parts of nothing', among(chat({ role: 'user', content: [] }, assistant)), 'content@1'),
  row('a part that is text', among(chat({ role: 'user', content: ['a'] }, assistant)), 'part-type@1'),
  row('a part of another type', among(chat({ role: 'user', content: [{ type: 'video' }] }, assistant)), 'part-type@1'),
  row('a part without text', among(chat({ role: 'user', content: [{ type: 'text' }] }, assistant)), 'part-text@1'),
  row(
    'a refusal of the user',
    among(chat({ role: 'user', content: [{ type: 'refusal', refusal: 'a' }] }, assistant)),
    'part-role@1',
  ),
  row(
    'content of a tool in parts',
    among(withTools([user, call, { ...answer, content: parts }, assistant])),
    'tool-content@1',
  ),
  row('no messages', among(chat()), 'messages@1'),
  row('messages that are text', among('{"messages":"a"}'), 'messages@1'),
  row('a message that is text', among('{"messages":["a"]}'), 'messages@1'),
  row('no format', among('{"text":"a"}'), 'unknown-format@1'),
  row('no answer', among(chat(user)), 'no-assistant@1'),
  row('the user has the last word', among(chat(user, assistant, user)), '? last-message@1'),
  ...strictly(row('the user has the last word', among(chat(user, assistant, user)), 'last-message@1')),

  row('a tool of another type', among(withTools([user, assistant], { tools: [{ type: 'x' }] })), 'tools@1'),
  row(
    'a tool without name',
    among(withTools([user, assistant], { tools: [{ type: 'function', function: {} }] })),
    'tools@1',
  ),
  row(
    'parameters that are text',
    among(withTools([user, assistant], { tools: [{ type: 'function', function: { name: 'f', parameters: 'x' } }] })),
    'tools@1',
  ),
  row(
    'a call without name',
    among(chatOf({ content: null, tool_calls: [{ id: 'x', function: { arguments: '{}' } }] })),
    'tool-call@1',
  ),
  row(
    'arguments that are an object',
    among(withTools([user, { ...call, tool_calls: [{ id: 'x', function: { name: 'f', arguments: {} } }] }])),
    'tool-arguments@1',
  ),
  row(
    'arguments that break off',
    among(withTools([user, { ...call, tool_calls: [{ id: 'x', function: { name: 'f', arguments: '{"a":' } }] }])),
    'tool-arguments@1',
  ),
  row('a function that is not declared', among(chat(user, call)), '? undeclared-function@1'),
  row('a call without an answer', among(withTools([user, call, user, assistant])), '? unanswered-tool-call@1'),
  row('an answer without a call', among(withTools([user, answer, assistant])), '? unknown-tool-call-id@1'),

  row('an image', among(seen(image()))),
  row('an image in a data URL', among(seen(image('data:image/png;base64,AAAA', { detail: 'low' })))),
  row('64 images', among(seen(...Array(64).fill(image())))),
  row('65 images', among(seen(...Array(65).fill(image()))), 'too-many-images@1'),
  ...elsewhere(row('65 images', among(seen(...Array(65).fill(image()))), '? too-many-images@1')),
  row('an image of the assistant', among(chat(user, { ...assistant, content: [image()] })), 'image-role@1'),
  row('an image of the system', among(chat({ role: 'system', content: [image()] }, user, assistant)), 'image-role@1'),
  row('an image of a file', among(seen(image('file:///a.png'))), 'image-url@1'),
  row('an image that is a GIF', among(seen(image('data:image/gif;base64,AAAA'))), 'image-url@1'),
  row('an image without URL', among(seen(image(null))), 'image-url@1'),
  row('another detail', among(seen(image(undefined, { detail: 'much' }))), 'image-detail@1'),
  row('a large image', among(seen(image(`data:image/png;base64,${'A'.repeat(14_000_000)}`))), 'image-size@1'),

  row('preference', preferences({})),
  row('no input', preferences({ input: undefined }), 'input@1'),
  row('input that is text', preferences({ input: 'a' }), 'input@1'),
  row('input without user', preferences({ input: { messages: [assistant] } }), 'input-user@1'),
  row('no output', preferences({ preferred_output: undefined }), 'messages@1'),
  row('an output of nothing', preferences({ preferred_output: [] }), 'messages@1'),
  row('an output of the user', preferences({ non_preferred_output: [user] }), 'no-assistant@1', 'output-role@1'),
  row('equal outputs', preferences({ non_preferred_output: [assistant] }), '? equal-outputs@1'),

  row('completions', completions({ prompt: '', completion: 'b' })),
  row('no completion', completions({ prompt: 'a' }), 'completion@1'),
  row('a prompt of numbers', completions({ prompt: [1], completion: 'b' }), 'prompt@1'),

  row('reinforcement', among(reinforcement, reinforcement)),
  row('users only', among(chat(user), chat(user)), '! reinforcement-only'),
  row(
    'a developer who has the last word in reinforcement',
    among(JSON.stringify({ messages: [user, developer], answer: 'a' }), reinforcement),
    'last-user@1',
  ),
  row(
    'developers who have the last word',
    among(
      JSON.stringify({ messages: [user, developer], answer: 'a' }),
      JSON.stringify({ messages: [user, developer], answer: 'a' }),
    ),
    ...Array.from({ length: 12 }, (_, index) => `last-user@${index + 1}`),
  ),

  row('one line of another format', among(preference()), 'mixed-formats@1'),
  row('another format later', `${good}\n${among(preference(), good)}`, 'mixed-formats@2'),
  row('nine examples', Array(9).fill(good).join('\n'), 'too-few-examples'),
  row('ten examples', Array(10).fill(good).join('\n')),
  row('items of an eval', '{"item":{"q":1}}\n'.repeat(12), 'wrong-purpose@1'),
  row(
    'requests of a batch',
    '{"custom_id":"a","method":"POST","url":"/v1/responses","body":{}}\n'.repeat(12),
    'wrong-purpose@1',
  ),
  row('a result file', '{"custom_id":"a","response":{},"error":null}\n'.repeat(12), 'result-file@1'),
  row('a byte order mark', `\ufeff${among(good)}`, 'byte-order-mark@1'),
  ...onAzure(row('a byte order mark', `\ufeff${among(good)}`)),
  ...elsewhere(row('a byte order mark', `\ufeff${among(good)}`, '? byte-order-mark@1')),
  row('a pretty-printed array', JSON.stringify(Array(12).fill(JSON.parse(good)), undefined, 2), 'json-array@1'),
];
