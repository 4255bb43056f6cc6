// Puts a program into a copy of the node that runs this.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'postject';

// From Node's documentation of single executable applications.
const RESOURCE = 'NODE_SEA_BLOB';
const PLACE = { sentinelFuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2', machoSegmentName: 'NODE_SEA' };
const isMac = process.platform === 'darwin';

/** Writes the executable. `folder` holds `main` and takes what is needed in between. */
export const writeExecutable = async ({ main, assets, folder, output }) => {
  const blob = blobOf({ main, assets, folder });
  copyFileSync(process.execPath, output);
  chmodSync(output, 0o755);
  if (isMac) execFileSync('codesign', ['--remove-signature', output]);
  await inject(output, RESOURCE, blob, PLACE);
  // macOS starts no program without a signature. This one names nobody.
  if (isMac) execFileSync('codesign', ['--sign', '-', output]);
};

/** Node keeps the path of `main` as it is written here, and stack traces show it: no folder of the builder. */
function blobOf({ main, assets, folder }) {
  const settings = { main, output: 'sea.blob', assets, disableExperimentalSEAWarning: true, useCodeCache: true };
  writeFileSync(join(folder, 'sea.json'), JSON.stringify(settings));
  execFileSync(process.execPath, ['--experimental-sea-config', 'sea.json'], { cwd: folder, stdio: 'pipe' });
  return readFileSync(join(folder, 'sea.blob'));
}
