// Limits that the API documents or that official code keeps to.

const MiB = 1024 ** 2;

/** Most bytes of one part. Documented as "64 MB"; official code sends 64 MiB, so that is what is enforced. */
export const MAX_PART_BYTES = 64 * MiB;

/** Most bytes of one Upload. Documented as "8 GB", read as GiB like every server that enforces it. */
export const MAX_UPLOAD_BYTES = 8 * 1024 ** 3;

/** Most bytes of a single-request `POST /files`, documented as 512 MB. */
export const MAX_SINGLE_REQUEST_BYTES = 512 * MiB;

/** An Upload's life, one hour from its creation. */
export const UPLOAD_LIFETIME_MS = 3_600_000;

/** Bounds of `expires_after.seconds`, from OpenAI's description. */
export const EXPIRES_AFTER_SECONDS = { min: 3600, max: 2_592_000 } as const;

/** Our own bound on parts in one Upload: the API names none. */
export const MAX_PARTS = 10_000;

/** Our own bound on parts in flight. */
export const MAX_CONCURRENCY = 64;

/** Purposes that some official source accepts for an Upload. The server decides: others are passed through. */
export const PURPOSES = ['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'] as const;
