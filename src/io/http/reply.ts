/** What a whole reply looks like to whoever classifies it. */
export type HttpReply = {
  readonly status: number;
  readonly body: string;
  /** The body was longer than anyone reads: this is its beginning. */
  readonly cut?: boolean;
  header(name: string): string | undefined;
};

export const isSuccess = (status = 0): boolean => status >= 200 && status <= 299;

/** The server's own words on a failure. */
export type Said = {
  readonly message?: string;
  readonly code?: string;
  readonly type?: string;
  readonly param?: string;
};

/** From OpenAI's shape, Azure's, `{detail: …}`, or plain text; HTML has none worth showing whole. */
export const serverWords = (body: string): Said => {
  const json = parseJson(body) as { error?: unknown; detail?: unknown; message?: unknown } | undefined;
  const error = json?.error ?? json?.detail ?? json?.message;
  if (typeof error === 'string') return { message: error };
  if (typeof error === 'object' && error !== null) return texts(error as Record<string, unknown>);
  return { message: excerpt(body) };
};

const texts = (fields: Record<string, unknown>): Said =>
  Object.fromEntries(
    ['message', 'code', 'type', 'param']
      .filter(name => typeof fields[name] === 'string' || typeof fields[name] === 'number')
      .map(name => [name, String(fields[name])]),
  );

/** The reply as JSON, or nothing. */
export const parseJson = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const REPLY_EXCERPT = 200;

/** The beginning of a reply as one line of text. */
export const excerpt = (body: string): string => {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? '(empty)' : text.slice(0, REPLY_EXCERPT);
};

/** No reply of the API comes near it: a server that goes on and on is not listened to. */
const MOST_BYTES = 4 * 1024 ** 2;

/** A reply's body as it comes in. */
export type ReplyText = {
  /** Whether to go on. */
  take(chunk: Uint8Array): boolean;
  text(): string;
  /** It was too long. */
  cut(): boolean;
};

export const collectText = (): ReplyText => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  return {
    take: chunk => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
      return bytes <= MOST_BYTES;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    cut: () => bytes > MOST_BYTES,
  };
};
