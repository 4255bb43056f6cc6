// npm run mutate: changes src/core/ in thousands of small ways, and shows which changes no test of this list notices.
// Another folder: npm run mutate -- --mutate 'src/core/policy/**'
// biome-ignore lint/style/noDefaultExport: Stryker reads it
export default {
  // No command loads the schemas of what is printed: tests of the build hold them.
  mutate: ['src/core/**/*.ts', '!src/core/schema/**'],
  testRunner: 'vitest',
  vitest: { configFile: '.mutation.config.ts' },
  coverageAnalysis: 'perTest',
  // Mutants of what runs once, as tables: the tests would have to load every module again.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: 'mutation/incremental.json',
  tempDirName: 'mutation/sandbox',
  reporters: ['clear-text', 'html'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'mutation/report.html' },
  concurrency: 1,
  // Stryker rewrites paths of tsconfig.json with an API that TypeScript 7 does not have, and ours need no rewriting.
  tsconfigFile: '',
  ignorePatterns: ['dist', 'coverage', 'reference', 'sea'],
};
