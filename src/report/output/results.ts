import type { PushResult } from '../../core/outcome/result.ts';
import type { ResultForm } from './result-form.ts';
import { guarded, type TextStream, unwritable } from './streams.ts';

/** Writes results to stdout in argument order. */
export type ResultWriter = {
  /** Settles when this result was handed to the kernel, or stdout is not read any more; rejects where stdout cannot take it. */
  put(index: number, result: PushResult): Promise<void>;
};

export type ResultOptions = {
  readonly form: ResultForm;
  /** Where a screen is shared: makes room for one write. */
  readonly aside?: ((write: () => void) => void) | undefined;
};

type Waiting = { readonly text: string; settle(written: Promise<void>): void };

/** Each result waits for all earlier ones, then is written once. */
export const createResultWriter = (
  stdout: TextStream,
  { form, aside = write => write() }: ResultOptions,
): ResultWriter => {
  const output = guarded(stdout);
  const onScreen = stdout.isTTY === true ? aside : (write: () => void) => write();
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let head = form.head;

  const writeOut = async (text: string): Promise<void> => {
    if (text === '') return;
    const written = await new Promise<boolean>(settle => onScreen(() => settle(output.write(text))));
    if (!written && output.fault) throw unwritable(output.fault);
  };
  const flush = (): void => {
    for (let turn = waiting.get(next); turn; turn = waiting.get(next)) {
      waiting.delete(next);
      next += 1;
      turn.settle(writeOut(head + turn.text));
      head = '';
    }
  };
  output.onClosed(() => {
    for (const { text, settle } of waiting.values()) settle(writeOut(text));
    waiting.clear();
  });

  return {
    put: (index, result) =>
      new Promise(settle => {
        const text = form.text(result);
        if (output.closed) return settle(writeOut(text));
        waiting.set(index, { text, settle });
        flush();
      }),
  };
};
