import { defineConfig } from 'vitest/config';
import base from './.vitest.config.ts';

// npm run coverage: what the tests within this process reach. The command itself is also run as a process, hundreds of
// times, by test/e2e, test/faults and test/hostile; that is not counted here.
const UNITS = ['core', 'transfer', 'io', 'check', 'cli', 'report', 'doctor', 'server', 'engine', 'library', 'commands'];

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: UNITS.map(unit => `test/${unit}/**/*.test.ts`),
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/core/**', 'src/transfer/**', 'src/io/**'],
      // What is reached; the runs of the command as a process reach much of the rest.
      thresholds: { lines: 68, branches: 63 },
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
