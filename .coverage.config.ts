import { defineConfig, mergeConfig } from 'vitest/config';
import base from './.vitest.config.ts';

// npm run coverage: what the tests within this process reach. The command itself is also run as a process, hundreds of
// times, by test/e2e, test/faults and test/hostile; that is not counted here.
const UNITS = ['core', 'transfer', 'io', 'check', 'cli', 'report', 'doctor', 'server', 'engine', 'library', 'commands'];

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default mergeConfig(
  base,
  defineConfig({
    test: {
      include: UNITS.map(unit => `test/${unit}/**/*.test.ts`),
      coverage: {
        enabled: true,
        provider: 'v8',
        include: ['src/core/**', 'src/transfer/**', 'src/io/**'],
        reporter: ['text-summary', 'html'],
        reportsDirectory: 'coverage',
      },
    },
  }),
);
