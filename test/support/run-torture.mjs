// npm run torture [-- folder…]: every suite of kills, faults, torn journals and hostile surroundings in full. Writes
// what they counted to test/bench/results/torture.json and torture.md. Exits 1 where anything is wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const RESULTS = join(ROOT, 'test/bench/results');
const SUITES = [
  'test/faults',
  'test/fleet',
  'test/hostile',
  'test/io',
  'test/check',
  'test/transfer',
  'test/core',
  'test/engine',
];

const chosen = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), 'oai-torture-'));
const [figuresTo, report] = [join(work, 'figures'), join(work, 'report.json')];
writeFileSync(figuresTo, '');
const startedAtMs = Date.now();
const { status } = spawnSync(
  process.execPath,
  [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...['--config', '.vitest.config.ts', '--testTimeout=0', '--hookTimeout=0'],
    ...['--reporter=default', '--reporter=json', `--outputFile=${report}`],
    ...(chosen.length > 0 ? chosen : SUITES),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, TORTURE: '1', FIGURES_TO: figuresTo } },
);
const page = pageOf(
  JSON.parse(readFileSync(report, 'utf8')),
  readFileSync(figuresTo, 'utf8').split('\n').filter(Boolean).map(JSON.parse),
);
rmSync(work, { recursive: true });
if (chosen.length === 0) {
  writeFileSync(join(RESULTS, 'torture.json'), `${JSON.stringify(page, undefined, 2)}\n`);
  writeFileSync(join(RESULTS, 'torture.md'), markdownOf(page));
}
console.log(markdownOf(page));
process.exitCode = status ?? 1;

function pageOf({ numPassedTests, numFailedTests, testResults }, figures) {
  const failures = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(test => test.status === 'failed').map(test => test.fullName),
  );
  const counted = pattern => figures.flatMap(({ line }) => [...line.matchAll(pattern)].map(([, n]) => Number(n)));
  const sum = numbers => numbers.reduce((total, number) => total + number, 0);
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    date: new Date(startedAtMs).toISOString().slice(0, 10),
    minutes: Math.round((Date.now() - startedAtMs) / 60_000),
    tests: { passed: numPassedTests, failed: numFailedTests },
    kills: sum(counted(/\b(\d+) kills\b/g)),
    faulted_parts: sum(counted(/part requests, (\d+) failed/g)),
    failures,
    figures,
  };
}

function markdownOf({ machine, date, minutes, tests, kills, faulted_parts: parts, failures, figures }) {
  const rows = figures
    .sort((one, other) => one.suite.localeCompare(other.suite))
    .map(({ suite, line }) => `| \`${suite}\` | ${line.replaceAll('|', '\\|')} |`);
  return [
    '# Torture',
    '',
    `${date}, ${minutes} minutes on ${machine}, by \`npm run torture\`. Seeds are in the tests: the same run is made again each time.`,
    '',
    `${tests.passed} tests passed, ${tests.failed} failed. ${kills} kills, ${parts} faulted parts, ${failures.length} wrong.`,
    ...failures.map(name => `- wrong: ${name}`),
    '',
    '| suite | what it counted |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}
