import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/ports.ts';

// Everyone who wants a lock first announces itself under a name of its own and only then looks at the others, so of any
// two at least one sees the other. A holder wins; among those who only want it the first name in order wins and the
// rest withdraw, and stand aside until they see who won. Names are never used twice, so a dead one is removed without a race.

/** A name under which others see this process. */
export type Presence = {
  readonly name: string;
  /** From now on others see a holder. */
  hold(): Promise<void>;
  leave(): Promise<void>;
};

/** Another's presence. */
export type Seen = { readonly name: string; readonly state: 'wants' | 'holds'; readonly who: string };

/** Where those who want a lock meet. */
export type Meeting = {
  announce(name: string): Promise<Presence>;
  /** The living ones, without the own. */
  others(prefix: string, own: string, signal: AbortSignal): Promise<readonly Seen[]>;
  readonly lookAgainMs: number;
};

type Holder = { readonly holder: string };

export type Outcome = { readonly release: () => Promise<void> } | Holder;

/** Of many that want it each withdraws a few times. */
const MOST_TURNS = 2000;

/** Wins the lock or finds who holds it. */
export const contend = async (
  meeting: Meeting,
  prefix: string,
  newName: () => string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Outcome> => {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    signal.throwIfAborted();
    const own = await meeting.announce(`${prefix}.${newName()}`);
    const outcome = await prevail(meeting, prefix, own, clock, signal).catch(async error => {
      await own.leave();
      throw error;
    });
    if (outcome === 'won') return { release: own.leave };
    await own.leave();
    if (outcome !== 'withdrawn') return outcome;
    const holder = await standAside(meeting, prefix, clock, signal);
    if (holder) return holder;
  }
  return { holder: 'others want it too' };
};

/** Looks at the others until this one is alone, sees a holder, or sees one that goes before it. */
async function prevail(
  { others, lookAgainMs }: Meeting,
  prefix: string,
  own: Presence,
  clock: Clock,
  signal: AbortSignal,
): Promise<'won' | 'withdrawn' | Holder> {
  for (let looks = 0; looks < MOST_TURNS; looks += 1) {
    const seen = await others(prefix, own.name, signal);
    const holder = holderAmong(seen);
    if (holder) return holder;
    if (seen.length === 0) {
      // There is no holder since: a later process sees this one and waits or withdraws.
      await own.hold();
      return 'won';
    }
    if (seen.some(other => other.name < own.name)) return 'withdrawn';
    await clock.sleep(lookAgainMs, signal);
  }
  return { holder: 'another that wants it does not leave' };
}

/** Waits without a name until one holds it or all have left, so that the first in order is soon alone. */
async function standAside(
  { others, lookAgainMs }: Meeting,
  prefix: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<Holder | undefined> {
  for (let looks = 0; looks < MOST_TURNS; looks += 1) {
    await clock.sleep(lookAgainMs * (0.5 + Math.random()), signal);
    const seen = await others(prefix, '', signal);
    const holder = holderAmong(seen);
    if (holder || seen.length === 0) return holder;
  }
  return undefined;
}

const holderAmong = (seen: readonly Seen[]): Holder | undefined => {
  const holder = seen.find(other => other.state === 'holds');
  return holder && { holder: holder.who };
};

/** So many random hex digits, at most 12. Node makes UUIDs in stock: a call for random bytes costs ten times as much. */
export const randomHex = (digits: number): string => randomUUID().replace('-', '').slice(0, digits);
