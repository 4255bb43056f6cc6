import { join } from 'node:path';
import type { Clock } from '../../core/ports.ts';
import { readOwn } from './own-file.ts';
import { type Beat, PULSE_BYTES } from './pulse.ts';

/** What is known of the process behind a pulse: `new` until it moves or has stood still for long. */
export type Sight = { readonly state: 'gone' | 'new' | 'moves' | 'still'; readonly beat?: Beat | undefined };

/** A claim that did not change for so long is that of a dead process: six beats. */
const STILL_MS = 60_000;

/** What two looks can tell at most: while the file system hangs neither side gets anything done. */
const LONGEST_STEP_MS = 2000;

type Memory = { readonly text: string; readonly lookedMs: number; readonly stillMs: number; readonly moved: boolean };

/**
 * Judges pulses by whether they change between two looks of this process, never by what a clock elsewhere wrote: the
 * clocks of two machines may differ.
 */
export const createSightings = (folder: string, clock: Clock): ((name: string) => Promise<Sight>) => {
  const memories = new Map<string, Memory>();
  return async name => {
    const text = await readOwn(join(folder, name), PULSE_BYTES).then(String, textless);
    if (text === undefined) return { state: 'gone' };
    const beat = parseBeat(text);
    const key = beat?.token ?? name;
    const memory = remembered(memories.get(key), text, clock.monotonic());
    memories.set(key, memory);
    return { state: stateOf(memory), beat };
  };
};

/** What cannot be read stands still. */
const textless = (error: NodeJS.ErrnoException): string | undefined => (error.code === 'ENOENT' ? undefined : '');

const remembered = (before: Memory | undefined, text: string, nowMs: number): Memory => {
  if (before?.text !== text) return { text, lookedMs: nowMs, stillMs: 0, moved: before !== undefined };
  const stillMs = before.stillMs + Math.min(nowMs - before.lookedMs, LONGEST_STEP_MS);
  return { ...before, lookedMs: nowMs, stillMs };
};

const stateOf = ({ stillMs, moved }: Memory): 'new' | 'moves' | 'still' => {
  if (stillMs >= STILL_MS) return 'still';
  return moved ? 'moves' : 'new';
};

/** What a pulse tells now; nothing where there is none that can be read. */
export const readBeat = async (path: string): Promise<Beat | undefined> =>
  parseBeat(await readOwn(path, PULSE_BYTES).then(String, () => ''));

const parseBeat = (text: string): Beat | undefined => {
  try {
    const { machine, who, token, beat } = JSON.parse(text) as Partial<Beat>;
    if (typeof machine !== 'string' || typeof who !== 'string' || typeof token !== 'string') return undefined;
    return { machine, who, token, beat: Number(beat) };
  } catch {
    return undefined;
  }
};
