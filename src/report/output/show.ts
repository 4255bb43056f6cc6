import type { RequestRecord } from '../../core/model/request-record.ts';
import type { Reporter } from '../../core/ports.ts';

/** A reporter that may own part of a screen. */
export type Show = Reporter & {
  /** Makes room for one write by somebody else to the same screen, stdout's results for instance. */
  aside(write: () => void): void;
  /** A file of so many bytes waits for its turn. */
  queued(path: string, bytes: number): void;
  /** Nothing more happens to this file: only its sums are kept. */
  ended(path: string): void;
  /** Where requests are events of their own; elsewhere they are notices. */
  request?(record: RequestRecord): void;
};

/** Calls again and again, without keeping the process alive, until told to stop. */
export type Every = (ms: number, tick: () => void) => () => void;

export const everyInterval: Every = (ms, tick) => {
  const timer = setInterval(tick, ms).unref();
  return () => clearInterval(timer);
};
