/** Why we end an attempt that may otherwise never end. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly code: 'ERR_STALLED' | 'ERR_SLOW_REPLY' | 'ERR_ENDLESS_REPLY' | 'ERR_SWITCHED_PROTOCOL';

  constructor(code: GivenUp['code']) {
    super(code);
    this.code = code;
  }
}

/** Ends the attempt; the first reason counts. */
export type GiveUp = (why: GivenUp) => void;
