// npm run fuzz [-- --seconds N --seed N]: bundles the targets, which are TypeScript, and runs them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const work = await mkdtemp(join(tmpdir(), 'oai-fuzz-'));
try {
  const outfile = join(work, 'fuzz.mjs');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [join(import.meta.dirname, 'fuzz.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    logLevel: 'warning',
  });
  const { fuzz } = await import(pathToFileURL(outfile).href);
  const { executions, findings } = fuzz(Number(values.seconds), seed, join(import.meta.dirname, 'corpus'));
  console.log(`fuzz: ${executions} executions in ${values.seconds} s, seed ${seed}, ${findings.length} findings`);
  for (const finding of findings) console.error(finding);
  process.exitCode = findings.length > 0 ? 1 : 0;
} finally {
  await rm(work, { recursive: true, force: true });
}
