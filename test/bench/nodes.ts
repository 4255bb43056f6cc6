import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './types.ts';

/** A Node to measure with. */
export type OtherNode = { readonly name: string; readonly path: string };

/** The Node that runs this, and each other one that can be had: a path as it is, a version from the npm package `node`. */
export async function nodesFor(bench: Bench): Promise<readonly OtherNode[]> {
  const found = [process.execPath];
  for (const wanted of bench.nodes) {
    const path = wanted.includes('/') ? wanted : await install(wanted, bench).catch(() => undefined);
    if (path) found.push(path);
    else bench.say(`  Node ${wanted} is left out: npm cannot install node@${wanted}`);
  }
  return Promise.all(found.map(async path => ({ name: await nameOf(path, bench), path })));
}

async function install(version: string, { work, run }: Bench): Promise<string> {
  const home = join(work, `node-${version}`);
  await mkdir(home, { recursive: true });
  await run(
    ['npm', 'install', '--prefix', home, '--prefer-offline', '--no-audit', '--no-fund', `node@${version}`],
    NPM,
  );
  return join(home, 'node_modules/node/bin/node');
}

const nameOf = async (path: string, { run }: Bench): Promise<string> =>
  `Node ${Number.parseInt((await run([path, '--version'])).stdout.slice(1), 10)}`;

/** npm as it is set up here: its registry and its cache. */
const NPM = { env: process.env as Record<string, string> };

/** The command as a user has it: packed, and installed into an empty folder. */
export async function installed({ here, work, run }: Bench): Promise<string> {
  const [root, folder] = [join(here, '../..'), join(work, 'installed')];
  await mkdir(folder, { recursive: true });
  const pack = ['npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const { stdout } = await run(pack, { ...NPM, cwd: root });
  const install = ['npm', 'install', '--prefix', folder, '--offline', '--no-audit', '--no-fund'];
  await run([...install, join(folder, stdout.trim())], { ...NPM, cwd: folder });
  return join(folder, 'node_modules/oai-upload/bin/oai-upload.js');
}
