import type { PushResult } from '../core/result.ts';
import { guarded, type TextStream } from './output.ts';
import { jsonLine } from './text.ts';

/** Writes results to stdout in argument order. */
export type ResultWriter = {
  /** Settles when this result was handed to the kernel, or stdout is closed; never rejects. */
  put(index: number, result: PushResult): Promise<void>;
};

export type ResultOptions = {
  /** One object a line for each file, instead of the ids of those that are at the server. */
  readonly json: boolean;
  /** Where a screen is shared: makes room for one write. */
  readonly aside?: ((write: () => void) => void) | undefined;
};

type Waiting = { readonly result: PushResult; settle(): void };

/** Each result waits for all earlier ones, then is written once. */
export const createResultWriter = (
  stdout: TextStream,
  { json, aside = write => write() }: ResultOptions,
): ResultWriter => {
  const output = guarded(stdout);
  const onScreen = stdout.isTTY === true ? aside : (write: () => void) => write();
  const waiting = new Map<number, Waiting>();
  let next = 0;

  const writeOut = ({ result, settle }: Waiting): void => {
    const text = json ? jsonLine(result) : idLine(result);
    if (text === '') settle();
    else onScreen(() => void output.write(text).then(settle));
  };
  const flush = (): void => {
    for (let turn = waiting.get(next); turn; turn = waiting.get(next)) {
      waiting.delete(next);
      next += 1;
      writeOut(turn);
    }
  };
  output.onClosed(() => {
    for (const { settle } of waiting.values()) settle();
    waiting.clear();
  });

  return {
    put: (index, result) =>
      new Promise(settle => {
        if (output.closed) return settle();
        waiting.set(index, { result, settle });
        flush();
      }),
  };
};

const idLine = ({ status, file_id }: PushResult): string =>
  (status === 'completed' || status === 'skipped') && file_id !== null ? `${file_id}\n` : '';
