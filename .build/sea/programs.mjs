// The command and the programs of its threads for the single-file executable, which runs CommonJS and has no files beside it.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { alias, define, fromRoot, ROOT, target, threads } from '../bundle.mjs';

/** What reads a file of the build has a version here that reads an asset of the executable. */
const READS_A_FILE = /\/(new-worker|completion-script|source-maps)\.ts$/;

const fromAssets = {
  name: 'from-assets',
  setup: ({ onResolve }) =>
    onResolve({ filter: READS_A_FILE }, ({ path }) => ({
      path: fromRoot(`.build/sea/${basename(path, '.ts')}.mjs`),
    })),
};

/** Writes them into a folder; resolves with the name of the command, and the assets that it needs by their names. */
export const writePrograms = async folder => {
  const cjs = {
    absWorkingDir: ROOT,
    bundle: true,
    format: 'cjs',
    minify: true,
    platform: 'node',
    preserveSymlinks: true,
    target,
    alias,
    logLevel: 'warning',
    outdir: folder,
  };
  // Files of the build are named below `sea:/`: what follows is the name of an asset.
  const sea = { ...define, 'import.meta.url': '"sea:/"' };
  const map = { sourcemap: 'external', sourcesContent: false };
  await build({
    ...cjs,
    ...map,
    define: sea,
    entryPoints: { main: '.build/sea/main.cjs' },
    plugins: [fromAssets],
  });
  await build({ ...cjs, define, entryPoints: threads, outExtension: { '.js': '.cjs' } });
  const names = [...Object.keys(threads).map(name => `${name}.cjs`), 'main.js.map'];
  return { main: 'main.js', assets: Object.fromEntries(names.map(name => [name, join(folder, name)])) };
};
