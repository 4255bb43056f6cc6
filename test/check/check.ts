import { checkFile } from '../../src/check/check-file.ts';
import type { CheckOptions, CheckReport } from '../../src/check/types.ts';

type Findings = CheckReport['errors'];

/** Checks bytes given in these reads. */
export const checkReads = (
  purpose: string,
  reads: readonly Uint8Array[],
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> =>
  checkFile({
    filename: 'data.jsonl',
    purpose,
    bytes: reads.reduce((sum, { length }) => sum + length, 0),
    read: () => throughOneBuffer(reads),
    ...options,
  });

/** As a file is read: what was given before is overwritten. */
async function* throughOneBuffer(reads: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(0, ...reads.map(({ length }) => length)));
  for (const bytes of reads) {
    buffer.fill(0xff);
    buffer.set(bytes);
    yield buffer.subarray(0, bytes.length);
  }
}

export const checkText = (
  purpose: string,
  text: string | Uint8Array,
  options: Partial<CheckOptions> = {},
): Promise<CheckReport> => checkReads(purpose, [Buffer.from(text as string)], options);

/** Findings as `rule@line`, of the file as a whole as `rule`. */
const namesOf = ({ shown }: Findings, prefix = ''): readonly string[] =>
  shown.map(({ rule, line }) => `${prefix}${rule}${line === null ? '' : `@${line}`}`);

/** Everything that was found: `rule@line`, with `? ` before a warning and `! ` before a note. */
export const found = ({ errors, warnings, notes }: CheckReport): readonly string[] => [
  ...namesOf(errors),
  ...namesOf(warnings, '? '),
  ...namesOf(notes, '! '),
];

/** Errors as `line:column rule`, without what is not known. */
export const errorsOf = ({ errors }: CheckReport): readonly string[] => errors.shown.map(placed);

const placed = ({ rule, line, column }: Findings['shown'][number]): string =>
  `${[line, column].filter(number => number !== null).join(':')} ${rule}`.trim();

export const request = (more: object = {}): string =>
  JSON.stringify({
    custom_id: 'a',
    method: 'POST',
    url: '/v1/responses',
    body: { model: 'm', input: 'Why?' },
    ...more,
  });

/** A request with this body besides its model. */
export const withBody = (body: object, more: object = {}): string =>
  request({ body: { model: 'm', input: 'Why?', ...body }, ...more });

/** Requests that differ in their ids. */
export const requests = (...more: readonly object[]): string =>
  more.map((one, index) => request({ custom_id: `r${index}`, ...one })).join('\n');

export const chat = (...messages: readonly object[]): string => JSON.stringify({ messages });
export const user = { role: 'user', content: 'Why?' };
export const assistant = { role: 'assistant', content: 'Because.' };
export const good = chat(user, assistant);

/** Twelve lines: the example that matters, then good ones of the same format. */
export const among = (example: string, others: string = good): string =>
  [example, ...Array(11).fill(others)].join('\n');
