import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A condition that is waited for comes as late as a busy machine makes it.
    expect: { poll: { timeout: 60_000 } },
    // Files share the modules that they load: to load them again for each took a fifth of the time.
    isolate: false,
    // One more than cores where CI runs: many tests wait most of their time.
    maxWorkers: 3,
    reporters: ['default'],
  },
});
