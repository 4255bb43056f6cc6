import { OFFICIAL, type RuleList } from './level.ts';

// Sources: OpenAI's OpenAPI description (fine-tuning inputs) and its guides to supervised, preference, reinforcement and
// vision fine-tuning; Azure's how-to pages for the same; messages of the services' own validators.
export const fineTuneCatalog = {
  'unknown-format': { level: 'error', about: 'a line is chat, preference, reinforcement or completions' },
  'mixed-formats': { level: 'error', about: 'all lines have one format' },
  'too-few-examples': { level: OFFICIAL, about: 'at least 10 examples' },
  messages: { level: 'error', about: '`messages` is an array of objects that is not empty' },
  role: { level: OFFICIAL, about: '`role` is system, developer, user, assistant, tool or function' },
  content: {
    level: 'error',
    about: '`content` is a string or an array of parts; an assistant may call a tool instead',
  },
  'part-type': { level: OFFICIAL, about: 'parts are of type text, image_url, input_audio, file or refusal' },
  'part-role': { level: 'error', about: 'a refusal is in a message of the assistant' },
  'part-text': { level: 'error', about: 'a part of type text has a string `text`' },
  // The validator says "Input should be a valid string".
  'tool-content': { level: 'error', about: '`content` of a tool message is a string' },
  'no-assistant': { level: 'error', about: 'chat examples and preferred outputs have a message of the assistant' },
  'reinforcement-only': { level: 'note', about: 'every line ends with the user: the file fits reinforcement only' },
  // Reported by users, not documented.
  'last-message': { level: 'warning', about: 'a chat example ends with the assistant' },
  'last-user': { level: 'error', about: 'a reinforcement example ends with the user' },
  weight: { level: 'error', about: '`weight` is 0 or 1' },
  'weight-role': { level: 'error', about: '`weight` is on messages of the assistant only' },
  'nothing-to-learn': { level: 'warning', about: 'not every message of the assistant has `weight` 0' },
  tools: { level: 'error', about: '`tools` are functions with a name, and `parameters` that are an object' },
  'tool-call': { level: 'error', about: 'a tool call names a function' },
  'tool-arguments': { level: 'error', about: '`arguments` of a call is a string that holds JSON' },
  'undeclared-function': { level: 'warning', about: 'a called function is declared in `tools`' },
  // Documented for chat completions; Azure has refused such files with "invalid schema" and no line.
  'unanswered-tool-call': { level: 'warning', about: 'tool messages answer every call before the next message' },
  'unknown-tool-call-id': { level: 'warning', about: 'a tool message answers a call that was made' },
  'too-many-images': { level: OFFICIAL, about: 'at most 64 images in an example' },
  'too-many-image-examples': { level: OFFICIAL, about: 'at most 50,000 examples with images' },
  'image-url': { level: 'error', about: '`image_url.url` is http(s), or a data URL of JPEG, PNG or WebP' },
  'image-size': { level: OFFICIAL, about: 'an image in a data URL has at most 10 MB' },
  'image-detail': { level: OFFICIAL, about: '`detail` is low, high or auto' },
  'image-role': { level: 'error', about: 'images are in messages of the user only' },
  input: { level: 'error', about: 'preference: `input` is an object with messages' },
  'input-user': { level: 'error', about: 'preference: `input.messages` has a message of the user' },
  'output-role': { level: 'error', about: 'preference: outputs hold messages of the assistant and of tools only' },
  'equal-outputs': { level: 'warning', about: 'preference: the two outputs differ' },
  prompt: { level: 'error', about: 'completions: `prompt` is a string' },
  completion: { level: 'error', about: 'completions: `completion` is a string' },
} as const satisfies RuleList;
