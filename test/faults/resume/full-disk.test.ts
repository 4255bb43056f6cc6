import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { testServer } from '../../support/server.ts';
import { shell } from '../../support/shell.ts';
import { atEvent, expectOneFile, inside, interruptedAt, pushArgs } from './scene.ts';

const PART = 2 * KiB;
// So many that their journal outgrows the page that it has.
const PARTS = 60;

// Only root may mount; elsewhere there is no disk that is small enough to fill.
const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

describe.runIf(mayMount)('a disk that is full', () => {
  it.each([
    ['from the start', 'size=16k', 0],
    ['from part 3 on', 'size=64k', 3],
    ['of names', 'nr_inodes=2', 0],
    ['of names but for the folders', 'nr_inodes=6', 0],
  ])('%s costs one warning, not the upload', async (_when, options, fillAt) => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    const disk = mountIn(box, options);
    if (fillAt === 0) fill(disk);
    const args = [...pushArgs(path, PART), '--state-dir', join(disk, 'state')];
    const run = await inside(box, server, args, { onEvent: atEvent('part.finished', fillAt, () => fill(disk)) });
    expect(run.exitCode, run.stderr).toBe(0);
    const warnings = run.events().filter(({ message }) => /will not be resumable/.test(message));
    expect(warnings.length, run.stderr).toBeLessThanOrEqual(1);
    if (options.startsWith('size')) expect(warnings).toHaveLength(1);
    await expectOneFile(server, await md5OfFile(path));
  });

  it('and takes half a result has taken none: the same command writes it whole', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    await randomFile(box.path('f.bin'), PART * PARTS);
    const disk = mountIn(box, 'size=16k');
    const out = join(disk, 'results.jsonl');
    const push = `oai-upload push f.bin --purpose assistants --json >> ${out}`;
    // A hundred bytes of its page are left.
    writeFileSync(out, 'x'.repeat(4 * KiB - 100));
    fill(disk);
    const torn = await shell(push, box, server);
    expect(torn, torn.stderr).toMatchObject({ exitCode: 5, stderr: expect.stringContaining('ENOSPC') });
    expect(readFileSync(out)).toHaveLength(4 * KiB);
    truncateSync(out);
    const again = await shell(push, box, server);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ status: 'completed', bytes_sent: 0 });
    expect(await server.files()).toHaveLength(1);
  });

  it('or read-only costs no upload of a moved file that was saved there', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    const disk = mountIn(box, 'size=1m');
    const args = [...pushArgs(path, PART), '--state-dir', join(disk, 'state')];
    expect((await interruptedAt(box, server, args, 'part.finished', 3)).exitCode).toBe(130);
    execFileSync('mount', ['-o', 'remount,ro', disk], { stdio: 'pipe' });
    mkdirSync(box.path('moved'));
    renameSync(path, box.path('moved/f.bin'));
    const moved = box.path('moved/f.bin');
    const run = await inside(
      box,
      server,
      args.map(word => (word === path ? moved : word)),
    );
    expect(run.exitCode, run.stderr).toBe(0);
    await expectOneFile(server, await md5OfFile(moved));
  });

  it('that is read-only costs one warning too', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    const disk = mountIn(box, 'ro');
    const run = await inside(box, server, [...pushArgs(path, PART), '--state-dir', join(disk, 'state')]);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.events().filter(({ message }) => /will not be resumable/.test(message))).toHaveLength(1);
    await expectOneFile(server, await md5OfFile(path));
  });
});

function mountIn(box: Sandbox, options: string): string {
  const disk = join(box.dir, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { stdio: 'pipe' });
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  return disk;
}

function canMount(): boolean {
  try {
    execFileSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"'], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}

/** Writes until nothing fits any more. */
function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk);
  for (let bytes = Math.min(bavail * bsize, 1024 ** 2); bytes > 0; bytes = Math.floor(bytes / 2)) {
    try {
      writeFileSync(join(disk, `ballast-${bytes}`), Buffer.alloc(bytes));
    } catch {
      // A smaller one may fit.
    }
  }
}
