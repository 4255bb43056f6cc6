// Runs the main job of the built command on other versions of Node: node test/support/run-on-nodes.mjs [version…]
// Each version comes from the npm package `node`, into a folder of its own that is gone afterwards.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = fileURLToPath(new URL('../../bin/oai-upload.js', import.meta.url));
const PART = 64 * 1024;
const SIZES = [1, PART - 1, PART, PART + 1, 10 * PART];
const CONCURRENCIES = [1, 4, 16];
/** Large enough for every thread that there is. */
const LARGE = 70 * 1024 * 1024;

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];
const work = await mkdtemp(join(tmpdir(), 'oai-nodes-'));
let failures = 0;
try {
  const files = await Promise.all(SIZES.map(writeFileOf));
  const large = await writeFileOf(LARGE);
  for (const version of versions) {
    const line = await tryOn(version, files, large).catch(error => {
      failures += 1;
      return `FAILED: ${error.message}`;
    });
    console.log(`Node ${version}: ${line}`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
console.log(`${versions.length - failures} passed, ${failures} failed`);
process.exitCode = failures > 0 ? 1 : 0;

async function writeFileOf(bytes) {
  const path = join(work, `${bytes}.bin`);
  await writeFile(path, randomBytes(bytes));
  return path;
}

async function tryOn(version, files, large) {
  const home = join(work, `node-${version}`);
  await mkdir(home);
  await run('npm', ['install', '--prefix', home, '--prefer-offline', '--no-audit', '--no-fund', `node@${version}`]);
  const node = join(home, 'node_modules/node/bin/node');
  const { stdout: actual } = await run(node, ['--version']);
  const startedAtMs = performance.now();
  const jobs = CONCURRENCIES.flatMap(concurrency =>
    files.map(path => [path, '--part-size', String(PART), '--concurrency', String(concurrency)]),
  );
  jobs.push([large], [large, '--no-md5']);
  for (const [path, ...flags] of jobs) await push(node, home, path, flags);
  const seconds = (performance.now() - startedAtMs) / 1000;
  return `${actual.trim()}, ${jobs.length} pushes byte-identical in ${seconds.toFixed(1)} s`;
}

async function push(node, home, path, more) {
  const kept = join(home, 'kept');
  const flags = ['--purpose', 'assistants', '--json', '--progress', 'none', '--quiet', ...more];
  const env = { PATH: [dirname(node), process.env.PATH].join(delimiter), HOME: home };
  const { stdout, stderr } = await run(node, [BIN, 'push', path, ...flags, '--local', '--local-dir', kept], { env });
  if (stderr) throw new Error(`it said: ${stderr}`);
  const { file_id, filename } = JSON.parse(stdout);
  const [sent, arrived] = await Promise.all([readFile(path), readFile(join(kept, 'files', file_id, filename))]);
  if (!sent.equals(arrived)) throw new Error(`${filename} arrived changed, ${more.join(' ')}`);
}
