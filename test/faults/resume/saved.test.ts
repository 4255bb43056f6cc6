import { copyFile, cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openLine, sealLine } from '../../../src/io/state/checksummed-line.ts';
import { type Json, sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { crcOf } from '../../support/saved.ts';
import { testServer } from '../../support/server.ts';
import { eachOf, figures, reduced, seeded } from '../../support/torture.ts';
import { expectOneFile, inside, interruptedAt, pushArgs, restartsOf, resultOf } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 6;
const FINISHED = 3;

describe('a torn journal', () => {
  it('costs parts, never a wrong File', async () => {
    const runs = reduced(20, 500);
    const random = seeded(50);
    const sum = { flipped: 0, cut: 0, resumed: 0, startedOver: 0 };
    await eachOf(Array.from({ length: runs }), 6, async () => {
      const { box, server, args, md5 } = await begun(1 + random.below(PARTS - 1));
      const [journal] = (await box.journals()) as [string];
      const bytes = await readFile(journal);
      const at = random.below(bytes.length);
      const cut = random.below(2) === 0;
      sum[cut ? 'cut' : 'flipped'] += 1;
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      await writeFile(journal, cut ? bytes.subarray(0, at) : bytes);
      const run = await inside(box, server, args);
      expect(run.exitCode, run.stderr).toBe(0);
      const { resumed } = resultOf(run)['parts'];
      if (server.requests('create').length > 1) {
        sum.startedOver += 1;
        expect(run.stderr).toMatch(/starting over/);
      } else sum.resumed += 1;
      expect(resumed).toBeLessThanOrEqual(PARTS);
      expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
      expect(await box.leftovers()).toEqual([]);
    });
    figures(
      `torn journals as whole runs: ${runs} (${sum.cut} cut, ${sum.flipped} flipped), 0 crashes, 0 wrong, ${sum.resumed} resumed, ${sum.startedOver} started over and said so`,
    );
  });

  it('of version 1, which knew CRC-32 only, is resumed: its parts are proven and not sent again', async () => {
    const { box, server, path, args, md5 } = await begun();
    const [journal] = (await box.journals()) as [string];
    const lines = (await readFile(journal, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => openLine(line) as Json);
    expect(lines[0]).toMatchObject({ version: 2, checksum: 'xxh64' });
    const older = lines.map(async ({ checksum: _checksum, ...record }) => {
      if (record['type'] === 'upload') return { ...record, version: 1 };
      const offset = (Number(record['number']) - 1) * PART;
      return record['type'] === 'part' ? { ...record, digest: await crcOf(path, { offset, size: PART }) } : record;
    });
    await writeFile(journal, (await Promise.all(older)).map(sealLine).join(''));
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run)).toEqual([]);
    expect(resultOf(run)['parts']).toMatchObject({ total: PARTS, sent: PARTS - FINISHED, resumed: FINISHED });
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
  });

  it('of a newer version is refused with both numbers, and left alone', async () => {
    const { box, server, args } = await begun();
    const [journal] = (await box.journals()) as [string];
    const newer = `${sealLine({ type: 'upload', version: 12 })}whatever comes then\n`;
    await writeFile(journal, newer);
    const run = await inside(box, server, args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/version 12/);
    expect(run.stderr).toMatch(/up to 2/);
    for (const command of [['list'], ['clean']]) await inside(box, server, command);
    expect(await readFile(journal, 'utf8')).toBe(newer);
    expect(await server.files()).toEqual([]);
  });

  it('of a newer version does not keep --restart from a fresh start, and is left alone then too', async () => {
    const { box, server, args, md5 } = await begun();
    const [journal] = (await box.journals()) as [string];
    const newer = sealLine({ type: 'upload', version: 12 });
    await writeFile(journal, newer);
    const run = await inside(box, server, [...args, '--restart']);
    expect(run.exitCode, run.stderr).toBe(0);
    await expectOneFile(server, md5);
    expect(await readFile(journal, 'utf8')).toBe(newer);
  });
});

describe('which upload is mine', () => {
  it('a moved file resumes', async () => {
    const { box, server, path, args, md5 } = await begun();
    const moved = await elsewhere(box.path('moved'), path, rename);
    const run = await inside(box, server, swap(args, path, moved));
    expectResumed(run);
    await expectOneFile(server, md5);
    expect(await box.leftovers()).toEqual([]);
  });

  it('a moved file has the File that it became when the answer to complete was lost', async () => {
    const loseAnswer = { endpoint: 'complete', attempt: 1, do: 'lose-reply' } as const;
    const [box, server] = await Promise.all([sandbox(), testServer({ faults: [loseAnswer] })]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    const args = pushArgs(path, PART);
    const lost = await interruptedAt(box, server, args, 'request.retrying');
    expect(lost.exitCode, lost.stderr).toBe(130);
    const moved = await elsewhere(box.path('moved'), path, rename);
    const run = await inside(box, server, swap(args, path, moved));
    expect(run.exitCode, run.stderr).toBe(0);
    expect(server.requests('create')).toHaveLength(1);
    expect(await expectOneFile(server, await md5OfFile(moved))).toBe(resultOf(run)['file_id']);
    expect(await box.leftovers()).toEqual([]);
  });

  it('a copied file resumes', async () => {
    const { box, server, path, args, md5 } = await begun();
    const copy = await elsewhere(box.path('copy'), path, copyFile);
    const run = await inside(box, server, swap(args, path, copy));
    expectResumed(run);
    await expectOneFile(server, md5);
  });

  it('a file checked out afresh with a carried-over state folder resumes', async () => {
    const { box, server, path, args, md5 } = await begun();
    await cp(box.stateDir, box.path('cache'), { recursive: true, filter: from => !from.includes('/locks/') });
    await rm(box.stateDir, { recursive: true });
    const fresh = await elsewhere(box.path('other machine'), path, copyFile);
    await utimes(fresh, 1, 1);
    await rm(path);
    const run = await inside(box, server, swap([...args, '--state-dir', box.path('cache')], path, fresh));
    expectResumed(run);
    await expectOneFile(server, md5);
    expect((await readdir(box.path('cache/uploads'))).filter(name => name.endsWith('.journal'))).toEqual([]);
  });

  it('another file of the same name and size never does', async () => {
    const { box, server, path, args } = await begun();
    await mkdir(box.path('other'));
    const other = await randomFile(box.path('other/f.bin'), PART * PARTS, 'other');
    const run = await inside(box, server, swap(args, path, other));
    expect(run.exitCode, run.stderr).toBe(0);
    expect(resultOf(run)).toMatchObject({ parts: { resumed: 0, sent: PARTS } });
    await expectOneFile(server, await md5OfFile(other));
    expect(await box.journals()).toHaveLength(1);
    const own = await inside(box, server, args);
    expectResumed(own);
    expect(await server.files()).toHaveLength(2);
  });

  it('a file that only differs in a part not yet sent resumes from another path', async () => {
    const { box, server, path, args } = await begun();
    const copy = await elsewhere(box.path('copy'), path, copyFile);
    await writeFile(copy, Buffer.concat([(await readFile(copy)).subarray(0, -3), Buffer.from('end')]));
    const run = await inside(box, server, swap(args, path, copy));
    expectResumed(run);
    await expectOneFile(server, await md5OfFile(copy));
  });

  it.each([
    ['purpose', (args: readonly string[]) => swap(args, 'assistants', 'user_data')],
    ['name', (args: readonly string[]) => [...args, '--filename', 'other.bin']],
    ['type', (args: readonly string[]) => [...args, '--mime-type', 'text/x-other']],
    ['expiry', (args: readonly string[]) => [...args, '--expires-after', '2h']],
    ['organization', (args: readonly string[]) => [...args, '--organization', 'org-other']],
    ['project', (args: readonly string[]) => [...args, '--project', 'proj_other']],
  ])('another %s is another upload', async (_what, other) => {
    const { box, server, args } = await begun();
    const run = await inside(box, server, other(args));
    expect(run.exitCode, run.stderr).toBe(0);
    expect(resultOf(run)['parts']).toMatchObject({ resumed: 0, sent: PARTS });
    expectResumed(await inside(box, server, args));
    expect(await server.files()).toHaveLength(2);
  });

  it('another part size keeps what is saved', async () => {
    const { box, server, path, md5 } = await begun();
    expectResumed(await inside(box, server, pushArgs(path, PART * 2)));
    await expectOneFile(server, md5);
  });

  it('another size starts over, says why, and forgets the old one', async () => {
    const { box, server, path, args } = await begun();
    await randomFile(path, PART * PARTS + 1);
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run)).toEqual(['size changed']);
    await expectOneFile(server, await md5OfFile(path));
    expect(await box.leftovers()).toEqual([]);
  });

  it('--restart ignores what is saved', async () => {
    const { box, server, args, md5 } = await begun();
    const run = await inside(box, server, [...args, '--restart']);
    expect(restartsOf(run)).toEqual(['asked to']);
    expect(resultOf(run)['parts']).toMatchObject({ resumed: 0, sent: PARTS });
    await expectOneFile(server, md5);
    expect(await box.leftovers()).toEqual([]);
  });
});

describe('a state folder that takes nothing', () => {
  it('costs one warning, not the upload', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    await box.write('file', '');
    const args = [...pushArgs(path, PART), '--state-dir', box.path('file/state')].filter(
      word => word !== '--progress=json',
    );
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr.match(/will not be resumable/g)).toHaveLength(1);
    await expectOneFile(server, await md5OfFile(path));
  });

  it('says that an interrupted run is not resumable', async () => {
    const [box, server] = await Promise.all([sandbox(), testServer()]);
    const path = await randomFile(box.path('f.bin'), PART * PARTS);
    await box.write('file', '');
    const run = await interruptedAt(
      box,
      server,
      [...pushArgs(path, PART), '--state-dir', box.path('file/state')],
      'part.finished',
      2,
    );
    expect(run.exitCode).toBe(130);
    expect(resultOf(run)).toMatchObject({ status: 'interrupted', resumable: false });
  });
});

const swap = (args: readonly string[], from: string, to: string): readonly string[] =>
  args.map(word => (word === from ? to : word));

async function elsewhere(
  folder: string,
  path: string,
  bring: (from: string, to: string) => Promise<void>,
): Promise<string> {
  await mkdir(folder);
  await bring(path, `${folder}/f.bin`);
  return `${folder}/f.bin`;
}

function expectResumed(run: Parameters<typeof resultOf>[0]): void {
  expect(run.exitCode, run.stderr).toBe(0);
  expect(restartsOf(run)).toEqual([]);
  expect(resultOf(run)['parts']).toMatchObject({ total: PARTS, resumed: FINISHED, sent: PARTS - FINISHED });
}

/** An upload of which some parts are finished and saved. */
async function begun(finished = FINISHED) {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS);
  const args = pushArgs(path, PART);
  const run = await interruptedAt(box, server, args, 'part.finished', finished);
  expect(run.exitCode, run.stderr).toBe(130);
  return { box, server, path, args, md5: await md5OfFile(path) };
}
