import { thisMany } from '../../src/commands/context/open-reporter.ts';
import type { TransferEvent } from '../../src/core/events/events.ts';
import { createReporter, type ReporterOptions } from '../../src/report/output/reporter.ts';
import { emulate, fakeStream, virtualTime } from './fakes.ts';

/** A reporter on a fake stream in virtual time, for one `data.jsonl` where nothing else is said. */
export const shown = async (
  { files = 1, ...options }: Partial<ReporterOptions> & { readonly files?: number } = {},
  window: { columns?: number } = {},
) => {
  const time = virtualTime();
  const fake = fakeStream({ isTTY: window.columns !== undefined, now: time.now, ...window });
  const reporter = await createReporter({
    mode: 'auto',
    quiet: false,
    stream: fake.stream,
    color: false,
    unicode: true,
    dumb: false,
    expected: thisMany(files),
    now: time.now,
    every: time.every,
    ...options,
  });
  const screen = () => emulate(fake.writes.map(({ text }) => text));
  const show = (path: string, events: readonly TransferEvent[]): void => {
    for (const event of events) reporter.event(path, event);
    time.pass(100);
  };
  return { ...time, ...fake, reporter, screen, show };
};
