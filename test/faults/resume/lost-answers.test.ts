import { afterAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/server/server.ts';
import { sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { testServer } from '../../support/server.ts';
import { eachOf, figures, reduced, seeded } from '../../support/torture.ts';
import { dropLastRecord, expectOneFile, inside, interruptedAt, pushArgs, restartsOf, resultOf } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 5;

describe.each([true, false])('on a server that counts orphans: %s', countOrphans => {
  it('uploads exactly one File where the answer to a part is lost', async () => {
    const runs = reduced(6, 200);
    const random = seeded(countOrphans ? 1 : 2);
    let startedOver = 0;
    await eachOf(Array.from({ length: runs }), 20, async (_, index) => {
      // Request 1 creates, the next five are the parts; 1 loses the answer to create.
      const lost = index === 0 ? 1 : 2 + random.below(PARTS);
      const { box, server, args, md5 } = await scene({ endpoint: '*', attempt: lost, do: 'lose-reply' }, countOrphans);
      const run = await inside(box, server, args);
      expect(run.exitCode, run.stderr).toBe(0);
      startedOver += restartsOf(run).length;
      expect(restartsOf(run)).toEqual(countOrphans && lost > 1 ? ['orphans counted'] : []);
      expect(resultOf(run)['retries']).toBe(1);
      expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
      expect(await box.leftovers()).toEqual([]);
    });
    figures(
      `lost answers to parts, orphans ${countOrphans ? '' : 'not '}counted: ${runs} runs, ${runs} Files, ${startedOver} start-overs, 0 wrong`,
    );
  });

  it('uploads exactly one File where the answer to complete is lost', async () => {
    const runs = reduced(6, 200);
    const random = seeded(countOrphans ? 3 : 4);
    await eachOf(Array.from({ length: runs }), 20, async () => {
      const lost = Array.from({ length: 1 + random.below(3) }, (_, index) => index + 1);
      const { box, server, args, md5 } = await scene(
        { endpoint: 'complete', attempt: lost, do: random.below(3) === 0 ? 'truncate-reply' : 'lose-reply' },
        countOrphans,
      );
      const run = await inside(box, server, args);
      expect(run.exitCode, run.stderr).toBe(0);
      expect(restartsOf(run)).toEqual([]);
      expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
      expect(await box.leftovers()).toEqual([]);
    });
    figures(
      `lost answers to complete, orphans ${countOrphans ? '' : 'not '}counted: ${runs} runs, ${runs} Files, 0 wrong`,
    );
  });

  it('goes on after a part that was stored and never journalled', async () => {
    const { box, server, args, md5 } = await scene(undefined, countOrphans);
    await interruptedAt(box, server, args, 'part.finished', 2);
    const [journal] = await box.journals();
    await dropLastRecord(journal as string);
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run).length).toBe(countOrphans ? 1 : 0);
    await expectOneFile(server, md5);
  });

  it('goes on after a part that was sent anew because it changed', async () => {
    const { box, server, args, path } = await scene(undefined, countOrphans);
    await interruptedAt(box, server, args, 'part.finished', 2);
    await randomFile(path, PART * PARTS - 7, 'other');
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run).length).toBe(countOrphans ? 1 : 0);
    await expectOneFile(server, await md5OfFile(path));
  });
});

describe('an answer to complete that is not believed', () => {
  let unbelieved = 0;
  afterAll(() => figures(`unbelievable answers to complete: ${unbelieved} kinds, exactly one File each`));

  const file = { id: 'file-x', object: 'file', bytes: PART * PARTS - 7, created_at: 1, filename: 'f.bin' };
  const upload = { id: 'upload_x', object: 'upload', bytes: file.bytes, created_at: 1, status: 'completed', file };
  it.each([
    ['500 after it was carried out', { status: 500 }],
    ['503 after it was carried out', { status: 503, headers: { 'retry-after-ms': '5' } }],
    ["another upload's reply", { body: upload }],
    ['an Upload that is still pending', { body: { ...upload, status: 'pending', file: null } }],
    ['JSON of something else', { body: { object: 'list', data: [] } }],
    ['a Model', { body: { id: 'gpt-4o', object: 'model', created: 1, owned_by: 'x' } }],
    ['text', { body: 'OK' }],
    ['HTML', { body: '<html><body>Sign in to the hotel network</body></html>' }],
    ['nothing', {}],
    ['null', { body: 'null', headers: { 'content-type': 'application/json' } }],
    ['204', { status: 204 }],
  ] as const)('%s', async (_name, answer) => {
    const { box, server, args, md5 } = await scene({ endpoint: 'complete', attempt: 1, do: 'reply', ...answer });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
    unbelieved += 1;
  });

  it('always: ends without a success, and the same command finds the File', async () => {
    const { box, server, args, md5 } = await scene(
      { endpoint: 'complete', do: 'reply', body: upload },
      false,
      { endpoint: 'files', do: 'status', status: 404 },
      { endpoint: 'cancel', do: 'status', status: 400 },
    );
    const run = await inside(box, server, args);
    expect([6, 9]).toContain(run.exitCode);
    expect(resultOf(run)['file_id']).toBeNull();
    await server.restart();
    const again = await inside(box, server, args);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(again)['file_id']);
  });

  it('a File of another size: exit 7', async () => {
    const body = { ...file, bytes: 3 };
    const { box, server, args } = await scene({ endpoint: 'complete', attempt: 1, do: 'reply', body });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(7);
    expect(resultOf(run)).toMatchObject({ status: 'failed', file_id: null, error: { code: 'INTEGRITY' } });
  });

  it('a bare File of the right size is believed', async () => {
    const { box, server, args, md5 } = await scene(undefined, false);
    await server.restart({ completeAnswersFile: true });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
  });
});

describe('a lost answer to complete, then a bare 400', () => {
  const lost: Fault = { endpoint: 'complete', attempt: 1, do: 'lose-reply' };
  const refused: Fault = { endpoint: 'complete', attempt: 2, do: 'status', status: 400, body: {} };
  const unread: Fault = { endpoint: 'content', do: 'status', status: 404 };

  it('finds the File by its content', async () => {
    const { box, server, args, md5 } = await scene(lost, false, refused);
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
  });

  it('finds the File where its content cannot be read', async () => {
    const { box, server, args, md5 } = await scene(lost, false, refused, unread);
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
  });

  it('is uncertain where there is no list and no cancel: exit 9, and says what to look for', async () => {
    const { box, server, args, md5 } = await scene(lost, false, refused, {
      endpoint: 'files',
      do: 'status',
      status: 404,
    });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(9);
    expect(resultOf(run)['error']).toMatchObject({ code: 'UNCERTAIN', hint: expect.stringContaining('f.bin') });
    await server.restart();
    const again = await inside(box, server, args);
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await expectOneFile(server, md5)).toBe(resultOf(again)['file_id']);
  });

  it('is uncertain where the list is empty though cancel is refused: exit 9', async () => {
    const { box, server, args } = await scene(lost, false, refused, {
      endpoint: 'files',
      do: 'reply',
      body: { object: 'list', data: [] },
    });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(9);
  });

  it('starts over where nothing was completed', async () => {
    const { box, server, args, md5 } = await scene(
      { endpoint: 'complete', attempt: 1, do: 'reset-after-body' },
      false,
      refused,
    );
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run)).toEqual(['nothing completed']);
    expect(await expectOneFile(server, md5)).toBe(resultOf(run)['file_id']);
  });
});

it('takes no earlier File of the same name, size and purpose for its own', async () => {
  const { box, server, args, path, md5 } = await scene({ endpoint: 'complete', attempt: 2, do: 'reset-after-body' });
  const earlier = await inside(box, server, args);
  expect(earlier.exitCode).toBe(0);
  await randomFile(path, PART * PARTS - 7, 'other');
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(resultOf(run)['file_id']).not.toBe(resultOf(earlier)['file_id']);
  expect(await server.md5(resultOf(run)['file_id'])).toBe(await md5OfFile(path));
  expect(await server.md5(resultOf(earlier)['file_id'])).toBe(md5);
});

async function scene(fault?: Fault, countOrphans = false, ...more: readonly Fault[]) {
  const faults = fault ? [fault, ...more] : more;
  const [box, server] = await Promise.all([sandbox(), testServer({ countOrphans, faults })]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS - 7);
  return { box, server, path, args: pushArgs(path, PART), md5: await md5OfFile(path) };
}
