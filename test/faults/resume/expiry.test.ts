import { describe, expect, it } from 'vitest';
import { sandbox } from '../../support/cli.ts';
import { KiB, md5OfFile, randomFile } from '../../support/files.ts';
import { saveUpload } from '../../support/saved.ts';
import { testServer } from '../../support/server.ts';
import { expectOneFile, inside, interruptedAt, pushArgs, restartsOf, resultOf, rewriteHeader } from './scene.ts';

const PART = 16 * KiB;
const PARTS = 6;

it('starts over where the saved upload has expired, once, and says why', async () => {
  const { box, server, path, args, md5 } = await scene();
  await saveUpload(box.stateDir, saved(path, server.url, { expiresAtMs: Date.now() - 1000 }));
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(restartsOf(run)).toEqual(['upload expired']);
  expect(resultOf(run)).toMatchObject({ parts: { sent: PARTS, resumed: 0 } });
  expect(server.requests('create')).toHaveLength(1);
  await expectOneFile(server, md5);
  expect(await box.leftovers()).toEqual([]);
});

it('says to people why it starts over', async () => {
  const { box, server, path, args } = await scene();
  await saveUpload(box.stateDir, saved(path, server.url, { expiresAtMs: Date.now() - 1000 }));
  const run = await inside(
    box,
    server,
    args.filter(word => word !== '--progress=json'),
  );
  expect(run.exitCode).toBe(0);
  expect(run.stderr).toMatch(/starting over: the upload expired/);
});

it('believes the clock of the server, not its own', async () => {
  const { box, server, args, md5 } = await scene();
  expect((await interruptedAt(box, server, args, 'part.finished', PARTS - 1)).exitCode).toBe(130);
  const [journal] = await box.journals();
  // As if our clock were two hours fast: the upload looks expired, until the server is asked for the time.
  await server.restart({
    faults: [
      {
        endpoint: 'files',
        do: 'reply',
        headers: { date: new Date(Date.now() - 7_200_000).toUTCString(), 'content-type': 'application/json' },
        body: { object: 'list', data: [] },
      },
    ],
  });
  await rewriteHeader(journal as string, header => ({ ...header, expiresAtMs: Date.now() - 3_600_000 }));
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(restartsOf(run)).toEqual([]);
  expect(resultOf(run)['parts']).toMatchObject({ resumed: PARTS - 1, sent: 1 });
  await expectOneFile(server, md5);
});

it('starts over once where the hour ends while sending, then exits 8', async () => {
  const { box, path, args } = await scene();
  const server = await testServer({ lifetimeMs: 1 });
  const run = await inside(box, server, args);
  expect(run.exitCode, run.stderr).toBe(8);
  expect(restartsOf(run)).toEqual(['upload expired']);
  expect(server.requests('create')).toHaveLength(2);
  expect(resultOf(run)).toMatchObject({ status: 'failed', path, error: { code: 'EXPIRED', exit_code: 8 } });
  await server.restart();
  const again = await inside(box, server, args);
  expect(again.exitCode, again.stderr).toBe(0);
  expect(await server.files()).toHaveLength(1);
});

it('starts over once where the server says that the hour is over', async () => {
  const { box, args, md5 } = await scene();
  const server = await testServer();
  // The first upload of the run is over in the middle; its successor lives.
  await server.restart({ faults: [{ endpoint: '*', attempt: 4, do: 'status', status: 400, body: expired }] });
  const run = await inside(box, server, args);
  // Made in this run, and not over by the server's clock: the answer follows the exit table.
  expect(run.exitCode).toBe(6);
  const again = await inside(box, server, args);
  expect(again.exitCode, again.stderr).toBe(0);
  await expectOneFile(server, md5);
});

describe('a saved upload that is gone at the server', () => {
  it.each([400, 404, 409, 410, 413])('%i to its first request: starts over, asks no second time', async status => {
    const { box, server, path, args, md5 } = await scene();
    await saveUpload(box.stateDir, saved(path, server.url));
    await server.restart({ faults: [{ endpoint: '*', attempt: 1, do: 'status', status }] });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run)).toEqual(['upload gone']);
    expect(resultOf(run)).toMatchObject({ retries: 0, parts: { sent: PARTS, resumed: 0 } });
    expect(server.requests('create')).toHaveLength(1);
    expect(server.requests('part')).toHaveLength(PARTS + 1);
    await expectOneFile(server, md5);
  });

  it.each([400, 404, 409, 410, 413])('%i to complete as its first request: starts over', async status => {
    const { box, server, path, args, md5 } = await scene();
    await saveUpload(box.stateDir, saved(path, server.url, { finished: everyPart }));
    await server.restart({ faults: [{ endpoint: '*', attempt: 1, do: 'status', status }] });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(restartsOf(run)).toEqual(['upload gone']);
    await expectOneFile(server, md5);
  });

  it.each([401, 403])('%i is about the key: nothing starts over', async status => {
    const { box, server, path, args } = await scene();
    await saveUpload(box.stateDir, saved(path, server.url));
    await server.restart({ faults: [{ endpoint: '*', attempt: 1, do: 'status', status }] });
    const run = await inside(box, server, args);
    expect(run.exitCode).toBe(4);
    expect(restartsOf(run)).toEqual([]);
    expect(await box.journals()).toHaveLength(1);
  });
});

describe('an upload of this run', () => {
  it.each([404, 410, 413])('%i to a part ends it by the exit table', async status => {
    const { box, server, args } = await scene();
    await server.restart({ faults: [{ endpoint: 'part', part: 1, attempt: 1, do: 'status', status }] });
    const run = await inside(box, server, args);
    expect(run.exitCode).toBe(6);
    expect(restartsOf(run)).toEqual([]);
  });

  it('409 to a part is asked again', async () => {
    const { box, server, args, md5 } = await scene();
    await server.restart({ faults: [{ endpoint: 'part', part: 1, attempt: 1, do: 'status', status: 409 }] });
    const run = await inside(box, server, args);
    expect(run.exitCode, run.stderr).toBe(0);
    expect(resultOf(run)['retries']).toBe(1);
    await expectOneFile(server, md5);
  });
});

const expired = { error: { message: "Upload has status 'expired'.", type: 'invalid_request_error' } };
const everyPart = Object.fromEntries(Array.from({ length: PARTS }, (_, index) => [index + 1, `part_${index + 1}`]));

const saved = (file: string, baseUrl: string, more: object = {}) => ({
  file,
  baseUrl,
  partSize: PART,
  finished: { 2: 'part_2', 3: 'part_3' },
  ...more,
});

async function scene() {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  const path = await randomFile(box.path('f.bin'), PART * PARTS - 5);
  return { box, server, path, args: pushArgs(path, PART), md5: await md5OfFile(path) };
}
