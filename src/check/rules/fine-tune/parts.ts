import { quoted } from '../../findings/quoted.ts';
import { isAbsent, isObject, type JsonObject } from '../../json/object.ts';
import type { Rule } from '../rule.ts';
import { decodedBytes } from './data-url.ts';

const TYPES: readonly unknown[] = ['text', 'image_url', 'input_audio', 'file', 'refusal'];
const DETAILS: readonly unknown[] = ['low', 'high', 'auto'];

/** "10 MB" of the guide to vision fine-tuning; read as MiB, so that nothing is refused that may be accepted. */
const MAX_IMAGE_BYTES = 10 * 1024 ** 2;

const typeOf = (part: unknown): unknown => (isObject(part) ? part['type'] : undefined);

/** The `image_url` of a part that is an image. */
const imageOf = (part: unknown): JsonObject | undefined => {
  const image = isObject(part) && part['type'] === 'image_url' ? part['image_url'] : undefined;
  return isObject(image) ? image : undefined;
};

const urlOf = (part: unknown): unknown => imageOf(part)?.['url'];

/** Rules about one part of a content, given the role of its message. */
export const partRules: readonly Rule<unknown, unknown>[] = [
  {
    rule: 'part-type',
    fails: part => !TYPES.includes(typeOf(part)),
    says: (part, name) => `${name} must be a part of type ${TYPES.join(', ')}, and is ${ofType(part)}`,
  },
  {
    rule: 'part-text',
    fails: part => typeOf(part) === 'text' && typeof (part as JsonObject)['text'] !== 'string',
    says: (part, name) => `${name}.text must be a string, and is ${quoted((part as JsonObject)['text'])}`,
  },
  {
    rule: 'part-role',
    fails: (part, role) => typeOf(part) === 'refusal' && role !== 'assistant',
    says: (_, name, role) => `${name} is a refusal in a message of the role ${quoted(role)}`,
  },
  {
    rule: 'image-role',
    fails: (part, role) => typeOf(part) === 'image_url' && role !== 'user',
    says: (_, name, role) => `${name} is an image in a message of the role ${quoted(role)}: only users send images`,
  },
  {
    rule: 'image-url',
    fails: part => typeOf(part) === 'image_url' && !isImageUrl(urlOf(part)),
    says: (part, name) =>
      `${name}.image_url.url must be http(s), or a data URL of JPEG, PNG or WebP in base64, and is ${quoted(urlOf(part))}`,
  },
  {
    rule: 'image-size',
    fails: part => decodedBytes(urlOf(part)) > MAX_IMAGE_BYTES,
    says: (part, name) => `${name} is an image of ${decodedBytes(urlOf(part))} bytes, and may have 10 MB`,
  },
  {
    rule: 'image-detail',
    fails: part => !isAbsent(imageOf(part)?.['detail']) && !DETAILS.includes(imageOf(part)?.['detail']),
    says: (part, name) =>
      `${name}.image_url.detail must be ${DETAILS.join(', ')}, and is ${quoted(imageOf(part)?.['detail'])}`,
  },
];

const ofType = (part: unknown): string => (isObject(part) ? `of type ${quoted(part['type'])}` : quoted(part));

// `jpg` is no registered type, and common.
const isImageUrl = (url: unknown): boolean =>
  typeof url === 'string' && /^(?:https?:\/\/[^\s/]|data:image\/(?:jpe?g|png|webp);base64,)/i.test(url);
