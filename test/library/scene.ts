import { type Sandbox, sandbox } from '../support/cli.ts';
import { KiB, randomFile } from '../support/files.ts';
import type { PushOptions, UploadEvent } from '../support/library.ts';
import { KEY, type TestServer, testServer } from '../support/server.ts';

type Faults = NonNullable<NonNullable<Parameters<typeof testServer>[0]>['faults']>;

export const PART = 64 * KiB;
export const PARTS = 10;
export const FINISHED = 3;

export type Scene = {
  readonly box: Sandbox;
  readonly server: TestServer;
  /** A file of ten parts. */
  readonly path: string;
  /** For a push to the server, with the state folder of the sandbox's command. */
  readonly options: PushOptions;
};

export async function scene(...faults: Faults): Promise<Scene> {
  const [box, server] = [await sandbox(), await testServer({ faults })];
  const path = await randomFile(box.path('f.bin'), PARTS * PART);
  return { box, server, path, options: optionsFor(box, server) };
}

export const optionsFor = (box: Sandbox, { url }: TestServer): PushOptions => ({
  purpose: 'assistants',
  partSize: PART,
  concurrency: 2,
  baseUrl: url,
  apiKey: KEY,
  stateDir: box.stateDir,
});

/** A minute for parts 4 and 5, until the server is started again: the middle of a push. */
export const SLOW_MIDDLE: Faults = [FINISHED + 1, FINISHED + 2].map(part => ({
  endpoint: 'part',
  part,
  do: 'slow',
  bytesPerSecond: KiB,
}));

/** Acts at the middle: three parts are finished and the next two on their way. */
export function atTheMiddle(act: () => void): (event: UploadEvent) => void {
  const seen = { 'part.finished': 0, 'part.started': 0 };
  return ({ type }) => {
    if (type !== 'part.finished' && type !== 'part.started') return;
    seen[type] += 1;
    if (seen['part.finished'] === FINISHED && seen['part.started'] === FINISHED + 2) act();
  };
}

/** Something that is waited for. */
export function moment(): { readonly come: Promise<void>; now(): void } {
  let now = (): void => {};
  const come = new Promise<void>(resolve => {
    now = resolve;
  });
  return { come, now: () => now() };
}

/** The flags that say what the options say. */
export const flagsFor = (path: string): readonly string[] => [
  ...['push', path, '--purpose', 'assistants', '--part-size', '64KiB', '--concurrency', '2'],
  ...['--json', '--progress=json'],
];
