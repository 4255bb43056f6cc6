import { createCheck } from '../../src/check/create-check.ts';
import { settingsOf } from '../../src/cli/config/config.ts';
import { UploadError } from '../../src/core/errors/errors.ts';
import { parseCompletion, parseFile, parseFilePage, parsePart, parseUpload } from '../../src/core/model/api.ts';
import { serverDelayMs } from '../../src/core/policy/backoff.ts';
import { parseDuration, parseSize, parseSwitch } from '../../src/core/policy/units.ts';
import { serverWords } from '../../src/io/http/server-words.ts';
import { readJournal } from '../../src/io/state/journal-records.ts';
import { boundaryOf, parseFieldHead } from '../../src/server/form/form-head.ts';
import { createMultipartReader } from '../../src/server/form/multipart.ts';
import { ApiError } from '../../src/server/http/api-error.ts';

/** Code that reads what others write. `run` throws where a promise is broken; what it may throw is caught inside. */
export type Target = {
  readonly name: string;
  /** Inputs to begin with, besides those of the corpus. */
  readonly seeds: readonly string[];
  /** Words that make an input go deeper. */
  readonly words: readonly string[];
  run(input: Buffer): void;
};

const only = (allowed: (error: unknown) => boolean, run: () => void): void => {
  try {
    run();
  } catch (error) {
    if (!allowed(error)) throw error;
  }
};

const demand = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`broken promise: ${what}`);
};

const multipart: Target = {
  name: 'multipart',
  seeds: ['--B\r\nContent-Disposition: form-data; name="data"; filename="x"\r\n\r\nhello\r\n--B--\r\n'],
  words: ['--B', '--B--', '\r\n', '\r\n\r\n', '\r\n--B', 'name="data"', 'filename="', "filename*=UTF-8''%41"],
  run: input => {
    // The same events, however the bytes come.
    const whole = eventsOf([input]);
    const half = Math.floor(input.length / 2);
    demand(eventsOf([input.subarray(0, half), input.subarray(half)]) === whole, 'the same form, however it is cut');
    only(
      error => error instanceof ApiError,
      () => void parseFieldHead(input.toString('latin1')),
    );
    only(
      error => error instanceof ApiError,
      () => void boundaryOf(input.toString('latin1')),
    );
  },
};

function eventsOf(chunks: readonly Buffer[]): string {
  const reader = createMultipartReader('B');
  let events = '';
  try {
    for (const chunk of chunks)
      for (const event of reader.push(chunk))
        events += event.kind === 'data' ? event.bytes.toString('latin1') : `<${event.kind}>`;
    reader.finish();
    return events;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return 'refused';
  }
}

const journal: Target = {
  name: 'journal',
  seeds: ['00000000 {"type":"upload"}\n', 'x\n\n'],
  words: ['"type":"part"', '"type":"completed"', '\n', '00000000 ', '"version":2', '"finished"'],
  run: input => {
    const reading = readJournal(input);
    demand(reading.kind !== 'manifest' || reading.trustedBytes <= input.length, 'trusts no more than there is');
  },
};

const request = {
  filename: 'x.jsonl',
  bytes: 1,
  firstLine: 1,
  service: 'openai',
  strict: false,
  warnOnly: false,
  maxFindings: 20,
} as const;

const jsonl: Target = {
  name: 'JSONL check',
  seeds: [
    '{"custom_id":"a","method":"POST","url":"/v1/responses","body":{"model":"m","input":"x"}}\n',
    '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n',
    '{"item":{"a":1}}\n',
  ],
  words: [
    'NaN',
    '\\ud800',
    '"tool_calls":[',
    '"content":[{"type":"image_url"',
    '\ufeff',
    "'",
    ',}',
    '\u0000',
    '"weight":1',
  ],
  run: input => {
    for (const purpose of ['batch', 'fine-tune', 'evals']) {
      const [whole, cut] = [createCheck({ ...request, purpose }), createCheck({ ...request, purpose })];
      whole.write(input);
      for (let at = 0; at < input.length; at += 7) cut.write(input.subarray(at, at + 7));
      demand(JSON.stringify(whole.end()) === JSON.stringify(cut.end()), 'the same findings, however the bytes come');
    }
  },
};

const headers: Target = {
  name: 'retry-after and date',
  seeds: ['120', 'Wed, 21 Oct 2026 07:28:00 GMT', '1.5', '-1'],
  words: ['GMT', 'e9', '999999999999', ';', 'NaN'],
  run: input => {
    const text = input.toString('latin1');
    for (const name of ['retry-after', 'retry-after-ms', 'date']) {
      const ms = serverDelayMs(asked => (asked === name ? text : undefined), 1_790_000_000_000);
      demand(ms === undefined || (Number.isFinite(ms) && ms >= 0), 'a delay is a finite number from 0');
    }
  },
};

const config: Target = {
  name: 'config file',
  seeds: ['{"purpose":"batch","profiles":{"a":{"json":true}}}', '{"header":["a: b"]}'],
  words: ['"profile":', '"profiles":', '"part-size":', '"__proto__":', 'null', '[]', 'true'],
  run: input => {
    let document: unknown;
    try {
      document = JSON.parse(input.toString('utf8'));
    } catch {
      return;
    }
    only(
      error => error instanceof UploadError,
      () => void settingsOf({ path: 'c', document, folder: '/f', home: '/h' }, undefined),
    );
  },
};

const units: Target = {
  name: 'sizes and durations',
  seeds: ['8MiB', '1.5GB', '30s', '7d', 'yes'],
  words: ['MiB', 'e308', '.', '-', '/s', 'ms', '1'.repeat(400)],
  run: input => {
    const text = input.toString('utf8');
    for (const value of [parseSize(text), parseDuration(text)])
      demand(value === undefined || (Number.isFinite(value) && value >= 0), 'a finite number from 0');
    parseSwitch(text);
  },
};

const replies: Target = {
  name: 'reply validation',
  seeds: [
    '{"id":"file-1","object":"file","bytes":1}',
    '{"id":"upload_1","status":"pending","file":null}',
    '{"data":[{"id":"file-1"}],"has_more":false}',
  ],
  words: ['"id":', '"expires_at":1e300', '"bytes":-1', '[[[[', '"object":"file"', '\\u0000', '..'],
  run: input => {
    let reply: unknown;
    try {
      reply = JSON.parse(input.toString('utf8'));
    } catch {
      return;
    }
    for (const parse of [parseFile, parseUpload, parsePart, parseFilePage, parseCompletion])
      only(
        error => error instanceof Error,
        () => {
          const id = (parse(reply) as { readonly id?: string }).id;
          demand(id === undefined || /^[A-Za-z0-9][A-Za-z0-9._~:+/=@-]{0,511}$/.test(id), 'an id of the one pattern');
        },
      );
  },
};

const messages: Target = {
  name: 'server messages',
  seeds: ['{"error":{"message":"no"}}', '{"detail":[{"loc":["body"],"msg":"x"}]}', '<html><title>t</title>'],
  words: ['"message":', '"detail":', '<title>', '\u001b', '\u202e', '::error::'],
  run: input => {
    const { message } = serverWords(input.toString('utf8')) as { readonly message?: string };
    demand(message === undefined || message.length <= 1001, 'at most 1,000 characters');
  },
};

export const targets: readonly Target[] = [multipart, journal, jsonl, headers, config, units, replies, messages];
