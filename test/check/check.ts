import { checkFile, type Verdict } from '../../src/check/check-file.ts';

/** Checks bytes given in these reads. */
export const checkReads = (purpose: string, reads: readonly Uint8Array[], maxLineBytes?: number): Promise<Verdict> =>
  checkFile(
    {
      name: 'data.jsonl',
      purpose,
      bytes: reads.reduce((sum, { length }) => sum + length, 0),
      read: () => throughOneBuffer(reads),
    },
    maxLineBytes,
  );

/** As a file is read: what was given before is overwritten. */
async function* throughOneBuffer(reads: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(0, ...reads.map(({ length }) => length)));
  for (const bytes of reads) {
    buffer.fill(0xff);
    buffer.set(bytes);
    yield buffer.subarray(0, bytes.length);
  }
}

export const checkText = (purpose: string, text: string): Promise<Verdict> => checkReads(purpose, [Buffer.from(text)]);

/** Errors as `line:column reason`, without what is not known. */
export const errorsOf = ({ errors }: Verdict): readonly string[] => errors.shown.map(shortOf);
export const warningsOf = ({ warnings }: Verdict): readonly string[] => warnings.shown.map(shortOf);

const shortOf = ({ line, column, reason }: Verdict['errors']['shown'][number]): string =>
  `${[line, column].filter(number => number !== null).join(':')} ${reason}`.trim();

export const request = (more: object = {}): string =>
  JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/responses', body: { model: 'm' }, ...more });

export const chat = (...messages: readonly object[]): string => JSON.stringify({ messages });
export const user = { role: 'user', content: 'Why?' };
export const assistant = { role: 'assistant', content: 'Because.' };

/** Ten lines: the example that matters, then good ones of the same format. */
export const tenOf = (example: string, good: string): string => [example, ...Array(9).fill(good)].join('\n');
