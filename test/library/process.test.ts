import { expect, it } from 'vitest';
import { type CliResult, linesOf, type Sandbox, startProcess } from '../support/cli.ts';
import { MiB, randomFile } from '../support/files.ts';
import { LIBRARY } from '../support/library.ts';
import type { TestServer } from '../support/server.ts';
import { SLOW_MIDDLE, scene } from './scene.ts';

const NOWHERE = 'http://127.0.0.1:1';

/** Flags of the command, and what other programs hear: none of this is for the library. */
const NOT_FOR_US = {
  OAI_UPLOAD_BASE_URL: `${NOWHERE}/v1`,
  OAI_UPLOAD_PURPOSE: 'nonsense',
  OAI_UPLOAD_PROGRESS: 'json',
  OAI_UPLOAD_VERBOSE: '2',
  OAI_UPLOAD_DRY_RUN: '1',
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
};

it('writes nothing, listens to no signal, and lets the process end by itself', async () => {
  // Many wait at once: Node warns of a signal with many listeners, on stderr.
  const { box, server } = await scene({ endpoint: 'part', attempt: 1, do: 'status', status: 503 });
  await randomFile(box.path('large.bin'), 12 * MiB);
  const { exitCode, signal, stdout, stderr } = await program(
    box,
    server,
    `const { status } = await push('large.bin', { purpose: 'assistants', partSize: 65_536, concurrency: 64 });
     const listeners = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException'].map(name => process.listenerCount(name));
     console.log(JSON.stringify({ status, listeners, exitCode: process.exitCode }));`,
  );
  expect({ stderr, exitCode, signal }).toEqual({ stderr: '', exitCode: 0, signal: undefined });
  expect(linesOf(stdout)).toEqual([JSON.stringify({ status: 'completed', listeners: [0, 0, 0, 0] })]);
});

it('lets the process end after an abort too', async () => {
  const { box, server } = await scene(...SLOW_MIDDLE);
  const { exitCode, stdout, stderr } = await program(
    box,
    server,
    `const controller = new AbortController();
     const onEvent = ({ type }) => type === 'part.finished' && controller.abort();
     const options = { purpose: 'assistants', partSize: 65_536, signal: controller.signal, onEvent };
     await push('f.bin', options).catch(({ code, resumable }) => console.log(code, resumable));`,
  );
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'INTERRUPTED true\n', stderr: '' });
});

it('completes though a listener throws, and gives the process what it threw', async () => {
  const { box, server } = await scene();
  const { exitCode, stdout } = await program(
    box,
    server,
    `process.on('uncaughtException', ({ message }) => console.log(message));
     const onEvent = ({ type }) => { if (type === 'upload.completing') throw new Error('from a listener'); };
     console.log((await push('f.bin', { purpose: 'assistants', onEvent })).status);`,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'from a listener\ncompleted\n' });
});

/** Runs a module that may call push. */
async function program(box: Sandbox, { env }: TestServer, text: string): Promise<CliResult> {
  const file = await box.write('program.mjs', `import { push } from ${JSON.stringify(LIBRARY)};\n${text}\n`);
  const own = { cwd: box.work, env: { ...box.env, ...NOT_FOR_US, ...env } };
  return startProcess(process.execPath, [file], own).ended;
}
