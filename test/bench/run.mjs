// npm run bench [-- --only a,c --rounds 3 --size 2GiB --quick --nodes 22,/opt/node/bin/node]: bundles the suite, which is TypeScript, and runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = import.meta.dirname;
const work = await mkdtemp(join(tmpdir(), 'oai-bench-'));
try {
  const outfile = join(work, 'bench.mjs');
  await build({
    entryPoints: [join(here, 'bench.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  const { bench } = await import(pathToFileURL(outfile).href);
  process.exitCode = await bench(process.argv.slice(2), { here, work });
} finally {
  await rm(work, { recursive: true, force: true });
}
