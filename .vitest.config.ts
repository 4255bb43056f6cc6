import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    // On a noisy shared machine one unlucky moment must not hide what a thousand tests say; at a desk it shows at once.
    retry: process.env['CI'] ? 1 : 0,
    reporters: ['default'],
  },
});
