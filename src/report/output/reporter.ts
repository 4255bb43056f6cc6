import type { Talk } from '../lines/announce.ts';
import { createLines } from '../lines/lines.ts';
import type { Expected } from '../progress/expected.ts';
import { createJson } from './json.ts';
import { type Every, everyInterval, type Show } from './show.ts';
import { guarded, type TextStream } from './streams.ts';

/** How what happens is shown. */
export type ProgressMode = 'auto' | 'bar' | 'plain' | 'json' | 'none';

export type ReporterOptions = {
  readonly mode: ProgressMode;
  /** Only errors, for people; JSON still comes. */
  readonly quiet: boolean;
  readonly stream: TextStream;
  readonly color: boolean;
  readonly unicode: boolean;
  /** `TERM=dumb`: a terminal that cannot move its cursor. */
  readonly dumb: boolean;
  /** What all files come to, as far as that is known now. */
  readonly expected: () => Expected;
  readonly now: () => number;
  /** Tests give their own time. */
  readonly every?: Every;
};

/** Creates the reporter. Loads ora and cli-progress only when a bar is shown. */
export const createReporter = async (options: ReporterOptions): Promise<Show> => {
  const { now, expected, unicode, color, stream, every = everyInterval } = options;
  const output = guarded(stream);
  if (options.mode === 'json') return createJson({ output, now });
  if (!drawsBar(options)) return createLines({ output, talk: talkOf(options), expected, unicode, now, every });
  const { createTerminal } = await import('../terminal/terminal.ts');
  return createTerminal({ output, stream, expected, unicode, color, now, every });
};

const drawsBar = ({ mode, quiet, stream, dumb }: ReporterOptions): boolean =>
  !quiet && stream.isTTY === true && (mode === 'bar' || (mode === 'auto' && !dumb));

const talkOf = ({ mode, quiet }: ReporterOptions): Talk => {
  if (quiet) return 'errors';
  return mode === 'none' ? 'warnings' : 'all';
};
