// Builds sea/oai-upload, the command as one executable for this platform, with the node that runs this inside. It takes
// files of dist/, so build first.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { fromRoot } from './bundle.mjs';
import { writeExecutable } from './sea/executable.mjs';
import { writePrograms } from './sea/programs.mjs';

const output = fromRoot(`sea/oai-upload${process.platform === 'win32' ? '.exe' : ''}`);
// Below the package, so that the source map names sources relative to it.
const folder = fromRoot('sea/parts');

rmSync(fromRoot('sea'), { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const programs = await writePrograms(folder);
const assets = { ...programs.assets, ...filesIn('completion'), ...filesIn('schema'), ...papers() };
await writeExecutable({ main: programs.main, assets, folder, output });
rmSync(folder, { recursive: true });

const [bytes, own] = [output, process.execPath].map(path => statSync(path).size);
console.log(`${output}: ${bytes} bytes, ${bytes - own} more than Node ${process.versions.node}`);

/** The files of a folder of dist/, by their paths in dist/. */
function filesIn(name) {
  const paths = readdirSync(fromRoot(`dist/${name}`)).map(file => `${name}/${file}`);
  return Object.fromEntries(paths.map(path => [path, fromRoot(`dist/${path}`)]));
}

/** What must go where the code goes. */
function papers() {
  const paths = ['LICENSE', 'THIRD-PARTY-LICENSES.txt', 'dist/sbom.cdx.json'];
  return Object.fromEntries(paths.map(path => [path, fromRoot(path)]));
}
