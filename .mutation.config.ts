import { defineConfig } from 'vitest/config';
import base from './.vitest.config.ts';

// npm run mutate: the tests that run for each change of src/core/, all of them within one process.
const UNITS = ['core', 'transfer', 'cli'];

// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    isolate: true,
    include: UNITS.map(unit => `test/${unit}/**/*.test.ts`),
    exclude: ['test/cli/config/schema.test.ts'],
  },
});
