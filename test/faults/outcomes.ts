/** What a run under a fault must come to. `saved`: resumable, for `cancel` still saved; it means nothing where all went well. */
export type Outcome = {
  readonly exit: number;
  /** Requests that the endpoint saw. */
  readonly requests: number;
  readonly saved: boolean;
  /** Files at the server. */
  readonly files: number;
};

export const ENDPOINTS = ['create', 'part', 'complete', 'cancel', 'files'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export const WHEN = ['first', 'last', 'always'] as const;
/** The fault befalls the first attempt only, the last one only (the others meet a plain 429), or every one. */
export type When = (typeof WHEN)[number];

/** `exit requests saved files` for the first attempt, the last and always, or why the row makes no sense there. */
type Cells = readonly [first: string, last: string, always: string] | string;
export type Expected = Readonly<Record<Endpoint, Cells>>;

/** One outcome, or nothing where the row was left out. */
export const outcomeOf = (expected: Expected, endpoint: Endpoint, when: When): Outcome | undefined => {
  const cells = expected[endpoint];
  const cell = typeof cells === 'string' ? '' : cells[WHEN.indexOf(when)];
  const [, exit, requests, saved, files] = /^(\d+) (\d+) (yes|no|-) (\d+)$/.exec(cell ?? '') ?? [];
  if (exit === undefined) return undefined;
  return { exit: Number(exit), requests: Number(requests), saved: saved === 'yes', files: Number(files) };
};

/** Further attempts of every run of the matrix. */
export const RETRIES = 3;

/** Attempts that the Files list has left: it is asked after a lost answer to `complete`, and the count is the run's. */
export const ATTEMPTS = { create: 4, part: 4, complete: 4, cancel: 4, files: 3 } as const;

/** Tried again, until the attempts are used up: then 5, and the same command goes on. */
export const AGAIN: Expected = {
  create: ['0 2 - 1', '5 4 no 0', '5 4 no 0'],
  part: ['0 2 - 1', '5 4 yes 0', '5 4 yes 0'],
  complete: ['0 2 - 1', '5 4 yes 0', '5 4 yes 0'],
  cancel: ['0 2 - 0', '5 4 yes 0', '5 4 yes 0'],
  files: ['0 2 - 1', '5 3 yes 1', '5 3 yes 1'],
};

/** The server asks for more patience than a run has: 5, at once. */
export const TOO_LONG: Expected = {
  create: ['5 1 no 0', '5 4 no 0', '5 1 no 0'],
  part: ['5 1 yes 0', '5 4 yes 0', '5 1 yes 0'],
  complete: ['5 1 yes 0', '5 4 yes 0', '5 1 yes 0'],
  cancel: ['5 1 yes 0', '5 4 yes 0', '5 1 yes 0'],
  files: ['5 1 yes 1', '5 3 yes 1', '5 1 yes 1'],
};

/** Carried out, and the answer is lost: `complete` is found out about by the Files list, `cancel` by asking again. */
export const ANSWER_LOST: Expected = {
  ...AGAIN,
  complete: ['0 2 - 1', '0 4 - 1', '0 4 - 1'],
};

/** A whole reply that is not what was asked for, and nothing was carried out: asked again twice, then 6 (9 for the list). */
export const MALFORMED: Expected = {
  create: ['0 2 - 1', '6 4 no 0', '6 3 no 0'],
  part: ['0 2 - 1', '6 4 yes 0', '6 3 yes 0'],
  complete: ['0 2 - 1', '6 4 yes 0', '6 3 yes 0'],
  cancel: ['0 2 - 0', '6 4 yes 0', '6 3 yes 0'],
  files: ['0 2 - 1', '9 3 yes 1', '9 3 yes 1'],
};

/** Refused for good at once, with this exit code; the last attempt is only reached through those before it. */
export const refused = (exit: number): Expected => ({
  create: [`${exit} 1 no 0`, `${exit} 4 no 0`, `${exit} 1 no 0`],
  part: [`${exit} 1 yes 0`, `${exit} 4 yes 0`, `${exit} 1 yes 0`],
  complete: [`${exit} 1 yes 0`, `${exit} 4 yes 0`, `${exit} 1 yes 0`],
  cancel: [`${exit} 1 yes 0`, `${exit} 4 yes 0`, `${exit} 1 yes 0`],
  files: [`${exit} 1 yes 1`, `${exit} 3 yes 1`, `${exit} 1 yes 1`],
});
