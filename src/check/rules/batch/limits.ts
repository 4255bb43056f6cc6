import type { Service } from '../../types.ts';

/** Most requests of one batch: the Batch API's 50,000, Azure's 100,000. */
export const MAX_REQUESTS: Readonly<Record<Service, number>> = { openai: 50_000, azure: 100_000, other: 50_000 };

/** Most inputs of `/v1/embeddings` in one batch. */
export const MAX_EMBEDDING_INPUTS = 50_000;

/** The limit as documented, "200 MB", and the most that the service has been seen to take. */
export const BATCH_BYTES = { documented: 200_000_000, most: 209_715_200 } as const;
