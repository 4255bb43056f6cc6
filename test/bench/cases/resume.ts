import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Contender, interleaved, medianOf, ratioOf } from '../measure.ts';
import { commandContender, KEY, pushCommand, shown } from '../push.ts';
import type { Bench, Case } from '../types.ts';

const CONCURRENCY = 4;

/** (e) Going on with a file of which nine tenths are done. */
export const resume: Case = async bench => {
  const sink = await bench.sink();
  const file = await bench.randomFile(bench.size);
  const saved = await interruptedAt(0.9, bench, file, sink.url);
  const sent: number[] = [];
  const figures = await interleaved(
    [commandContender(bench, 'md5sum', ['md5sum', file]), resumer(bench, file, sink.url, saved, sent)],
    bench.rounds,
    bench.say,
  );
  await sink.close();
  const bytes = {
    name: 'bytes sent',
    unit: 'bytes',
    samples: sent,
    median: Math.max(...sent),
    command: 'bytes_sent of --json',
  } as const;
  return {
    key: 'e',
    title: 'Resume of a file 90 % done',
    figures: [...figures, bytes],
    goals: [
      { says: 'resume, as a multiple of md5sum', value: ratioOf(figures, 'resume', ['md5sum']), limit: 1.12 },
      {
        says: 'bytes sent, as a share of the file',
        value: medianOf([bytes], 'bytes sent') / bench.size,
        limit: 0.1 + (CONCURRENCY * partSize(bench)) / bench.size,
      },
    ],
  };
};

const partSize = ({ size }: Bench): number => Math.max(8, Math.ceil(size / (100 * 2 ** 20))) * 2 ** 20;

/** The state folder of a push that was killed once that share of its parts was finished. */
async function interruptedAt(share: number, bench: Bench, file: string, url: string): Promise<string> {
  const folder = join(bench.work, 'state-saved');
  const parts = Math.ceil(bench.size / partSize(bench));
  let [finished, text] = [0, ''];
  await bench.run([...pushCommand(bench, { url, files: [file] }), '--progress', 'json'], {
    env: { ...KEY, XDG_STATE_HOME: folder },
    mayFail: true,
    onStderr: (more, kill) => {
      text += more;
      finished = text.split('"part.finished"').length - 1;
      if (finished >= parts * share) kill();
    },
  });
  return folder;
}

function resumer(bench: Bench, file: string, url: string, saved: string, sent: number[]): Contender {
  const command = [...pushCommand(bench, { url, files: [file] }), '--json'];
  const folder = join(bench.work, 'state-resumed');
  return {
    name: 'resume',
    unit: 'ms',
    command: shown(command, bench),
    sample: async () => {
      await rm(folder, { recursive: true, force: true });
      await cp(saved, folder, { recursive: true, filter: path => !path.includes('locks') });
      const { wallMs, stdout } = await bench.run(command, { env: { ...KEY, XDG_STATE_HOME: folder } });
      const { bytes_sent, bytes_skipped } = JSON.parse(stdout) as { bytes_sent: number; bytes_skipped: number };
      if (bytes_skipped === 0) throw new Error('nothing was resumed');
      sent.push(bytes_sent);
      return wallMs;
    },
  };
}
