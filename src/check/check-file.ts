import { isJsonl } from './before-reading.ts';
import { createCheck } from './check.ts';
import type { CheckOptions, CheckReport } from './types.ts';

export type CheckedFile = CheckOptions & {
  /** Called only where the purpose asks for lines. */
  read(): AsyncIterable<Uint8Array>;
};

/** Everything that is found in a file, in one pass over its bytes. */
export const checkFile = async ({ read, ...options }: CheckedFile): Promise<CheckReport> => {
  const check = createCheck(options);
  if (isJsonl(options.purpose)) for await (const bytes of read()) check.write(bytes);
  return check.end();
};
