import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createTraceFile } from '../../../src/io/output/trace-file.ts';

it.runIf(process.platform === 'linux')('closes a file that takes nothing, and says so once', async () => {
  const troubles: unknown[] = [];
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const trace = createTraceFile('/dev/full', error => troubles.push(error));
  for (const name of ['a', 'b']) {
    trace.append([{ name }]);
    await trace.flush();
  }
  await trace.close();
  expect(troubles).toMatchObject([{ code: 'ENOSPC' }]);
  expect(open()).toBe(before);
});
