import { cutText } from '../../core/policy/cut-text.ts';

/** The server's own words on a failure. */
export type Said = {
  readonly message?: string;
  readonly code?: string;
  readonly type?: string;
  readonly param?: string;
};

/** From OpenAI's shape, Azure's, FastAPI's `detail`, a page's title, or plain text. */
export const serverWords = (body: string): Said => {
  const json = parseJson(body);
  if (!isObject(json)) return { message: beginningOfMessage(body) ?? excerpt(body) };
  const error = json['error'] ?? json['detail'] ?? json['message'];
  if (typeof error === 'string') return { message: cutText(error) };
  if (Array.isArray(error)) return { message: cutText(error.slice(0, MOST_DETAILS).map(detailWords).join('; ')) };
  return isObject(error) ? texts(error) : { message: excerpt(body) };
};

const texts = (fields: Fields): Said =>
  Object.fromEntries(
    ['message', 'code', 'type', 'param']
      .filter(name => typeof fields[name] === 'string' || typeof fields[name] === 'number')
      .map(name => [name, cutText(String(fields[name]))]),
  );

/** No message holds more of them. */
const MOST_DETAILS = 50;

/** One of FastAPI's: `{"loc": ["body", "bytes"], "msg": "field required"}` is "body.bytes: field required". */
function detailWords(detail: unknown): string {
  if (!isObject(detail)) return String(typeof detail === 'object' ? '?' : detail);
  const { loc, msg, message = msg } = detail;
  const where = Array.isArray(loc) ? loc.filter(step => typeof step === 'string' || typeof step === 'number') : [];
  return [where.slice(0, MOST_DETAILS).join('.'), message].filter(word => typeof word === 'string' && word).join(': ');
}

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of a JSON body that was too long to be read whole. */
const beginningOfMessage = (body: string): string | undefined => {
  const [, text] = /^\s*\{[\s\S]{0,200}?"(?:message|detail)"\s*:\s*"((?:[^"\\]|\\.){1000})/.exec(body) ?? [];
  const message = text && parseJson(`"${text}"`);
  return typeof message === 'string' ? cutText(`${message}…`) : undefined;
};

/** The reply as JSON, or nothing. */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Whether a body is a page for a browser: something else than the API answered. */
export const isPage = (body: string): boolean =>
  /^\s*(<!doctype html|<html|<head|<body|<h1)/i.test(body.slice(0, 1000));

/** Tags are removed from this much: each unfinished one costs a search to the end. */
const MOST_MARKUP = 4096;
const EXCERPT = 200;

/** The beginning of a reply as one line of text; the title of a page. */
export const excerpt = (body: string): string => {
  const markup = body.slice(0, MOST_MARKUP);
  const title = isPage(body) ? /<title[^>]*>([^<]+)/i.exec(markup)?.[1] : undefined;
  const text = (title ?? withoutMarkup(markup)).replace(/\s+/g, ' ').trim();
  if (title !== undefined && text !== '') return `a web page, "${cutText(text, EXCERPT)}"`;
  return text === '' ? '(empty)' : cutText(text, EXCERPT);
};

const withoutMarkup = (markup: string): string =>
  markup.replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ').replace(/<[^>]*>/g, ' ');
