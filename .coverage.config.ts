import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import base from './.vitest.config.ts';

// npm run coverage: what tests reach within their own process. Tests of the command run its sources there instead of
// the built command (test/support/counted.ts), as far as they need no process of its own; those that kill, signal or
// watch one are not counted.
const UNITS = ['core', 'transfer', 'io', 'check', 'cli', 'report', 'doctor', 'server', 'engine', 'library', 'commands'];
const COMMANDS = [
  ...['bad-input', 'check-in-push', 'check', 'config', 'doctor', 'environment', 'folders', 'github', 'hints'],
  ...['key-command', 'large-without-md5', 'push', 'resume', 'split', 'stdin', 'stdin-arriving', 'trace'],
  ...['usage-errors', 'verify', 'wait', 'network/*', 'saved/*'],
];

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({
  ...base,
  // The threads run what was built: their programs are no modules of the tests' process.
  resolve: { alias: [{ find: /^.*\/worker-urls\.ts$/, replacement: fromHere('./test/support/worker-urls.ts') }] },
  test: {
    ...base.test,
    include: [
      ...UNITS.map(unit => `test/${unit}/**/*.test.ts`),
      ...COMMANDS.map(name => `test/e2e/${name}.test.ts`),
      'test/faults/{compatible,matrix}.test.ts',
      'test/faults/resume/{changed-files,expiry,full-disk,lost-answers,read-only-state,saved}.test.ts',
      'test/hostile/folders.test.ts',
      'test/hostile/server/library.test.ts',
    ],
    // Programs of their own, which import what was built.
    exclude: ['test/library/package.test.ts', 'test/library/process.test.ts'],
    env: { OF_SOURCES: '1' },
    coverage: {
      enabled: true,
      provider: 'v8',
      include: ['src/core/**', 'src/transfer/**', 'src/io/**'],
      // Types alone, which no command loads; and programs of threads, which run as they were built.
      exclude: ['src/core/schema/**', 'src/io/read/{digest-program,md5-worker,range-worker}.ts'],
      // What is reached, without the last per cent: a retry or a race more or less.
      thresholds: { lines: 96, branches: 89 },
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
