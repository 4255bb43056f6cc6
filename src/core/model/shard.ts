/** One of several runs that share a list of files: the `index`-th of `count`, from 1. */
export type Shard = { readonly index: number; readonly count: number };

/** What `--shard` says: the shard itself, or that the scheduler tells it; `count` where the scheduler does not. */
export type ShardChoice = Shard | { readonly auto: true; readonly count: number | undefined };

/** Where a scheduler tells one of its tasks which one it is. */
export type Scheduler = {
  readonly name: string;
  readonly index: string;
  readonly count?: string;
  /** The first index: a number, or the variable that holds it. */
  readonly first: number | string;
  /** The variable that holds how far indexes are apart. */
  readonly step?: string;
  readonly source: string;
};

/** Each is told by the variable of its index: that of the count alone may be set where nothing is parallel. */
export const SCHEDULERS: readonly Scheduler[] = [
  {
    name: 'Slurm array',
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
    source: 'https://slurm.schedmd.com/job_array.html',
  },
  {
    name: 'Kubernetes indexed Job',
    index: 'JOB_COMPLETION_INDEX',
    first: 0,
    source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode',
  },
  {
    name: 'AWS Batch array',
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    count: 'AWS_BATCH_JOB_ARRAY_SIZE',
    first: 0,
    source: 'https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html',
  },
  {
    name: 'Google Cloud Run job',
    index: 'CLOUD_RUN_TASK_INDEX',
    count: 'CLOUD_RUN_TASK_COUNT',
    first: 0,
    source: 'https://cloud.google.com/run/docs/container-contract#env-vars',
  },
  {
    name: 'Azure Batch task whose id is a number',
    index: 'AZ_BATCH_TASK_ID',
    first: 0,
    source: 'https://learn.microsoft.com/azure/batch/batch-compute-node-environment-variables',
  },
  {
    name: 'GitLab parallel',
    index: 'CI_NODE_INDEX',
    count: 'CI_NODE_TOTAL',
    first: 1,
    source: 'https://docs.gitlab.com/ci/variables/predefined_variables/',
  },
  {
    name: 'CircleCI parallelism',
    index: 'CIRCLE_NODE_INDEX',
    count: 'CIRCLE_NODE_TOTAL',
    first: 0,
    source: 'https://circleci.com/docs/variables/',
  },
  {
    name: 'Buildkite parallelism',
    index: 'BUILDKITE_PARALLEL_JOB',
    count: 'BUILDKITE_PARALLEL_JOB_COUNT',
    first: 0,
    source: 'https://buildkite.com/docs/pipelines/environment-variables',
  },
];

const MOST_SHARDS = 100_000;

/** `3/8`, `auto` or `auto/8`; nothing where it is none of these. */
export const parseShard = (text: string): ShardChoice | undefined => {
  const [, index, count] = /^(auto|\d{1,6})(?:\/(\d{1,6}))?$/.exec(text) ?? [];
  if (index === undefined) return undefined;
  const shards = count === undefined ? undefined : Number(count);
  if (shards !== undefined && (shards < 1 || shards > MOST_SHARDS)) return undefined;
  if (index === 'auto') return { auto: true, count: shards };
  return shards === undefined ? undefined : shardOf(Number(index), shards);
};

const shardOf = (index: number, count: number): Shard | undefined =>
  index >= 1 && index <= count ? { index, count } : undefined;

/** What the environment says of this task. */
export type Told = Shard | { readonly trouble: 'no scheduler' | 'no count' | 'many' | 'unclear'; readonly of: string };

type Env = Readonly<Record<string, string | undefined>>;

/** The shard of this task by its scheduler. `count` is used where the scheduler tells none, and must agree where it does. */
export const shardInEnv = (env: Env, count: number | undefined): Told => {
  const found = SCHEDULERS.filter(({ index }) => (env[index] ?? '') !== '');
  const [scheduler, other] = found;
  if (!scheduler) return { trouble: 'no scheduler', of: SCHEDULERS.map(({ name }) => name).join(', ') };
  if (other) return { trouble: 'many', of: `${scheduler.index} and ${other.index}` };
  const told = numberIn(env, scheduler.count);
  const shards = count ?? told;
  if (shards === undefined) return { trouble: 'no count', of: scheduler.name };
  const index =
    ((numberIn(env, scheduler.index) ?? Number.NaN) - firstOf(env, scheduler)) / (numberIn(env, scheduler.step) ?? 1) +
    1;
  const shard = Number.isInteger(index) && shards === (told ?? shards) ? shardOf(index, shards) : undefined;
  return shard ?? { trouble: 'unclear', of: `${scheduler.index}=${env[scheduler.index]} of ${shards}` };
};

const firstOf = (env: Env, { first }: Scheduler): number =>
  typeof first === 'number' ? first : (numberIn(env, first) ?? 0);

const numberIn = (env: Env, name: string | undefined): number | undefined => {
  const text = name === undefined ? undefined : env[name];
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
};

/**
 * The shard of a path, from 1, by the path alone, so that a longer list moves no file: FNV-1a of 32 bits over the UTF-8
 * of the path as it was given, mixed as MurmurHash3 ends.
 */
export const shardOfPath = (path: string, count: number): number =>
  1 + Math.floor((mixed(fnv1a(path)) / 2 ** 32) * count);

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function mixed(hash: number): number {
  let mix = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

/**
 * The shard of each file by its size, from 1: the largest first, each to the shard that has the fewest bytes so far. The
 * same sizes in the same order give the same shards.
 */
export const shardsBySize = (sizes: ArrayLike<number>, count: number): Uint32Array => {
  const order = Uint32Array.from({ length: sizes.length }, (_, index) => index);
  order.sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b);
  const shards = new Uint32Array(sizes.length);
  const [bytes, files] = [new Float64Array(count), new Float64Array(count)];
  for (const index of order) {
    const least = leastOf(bytes, files);
    shards[index] = least + 1;
    bytes[least] = (bytes[least] as number) + (sizes[index] as number);
    files[least] = (files[least] as number) + 1;
  }
  return shards;
};

/** The fewest bytes; of those the fewest files. */
function leastOf(bytes: Float64Array, files: Float64Array): number {
  let least = 0;
  for (let shard = 1; shard < bytes.length; shard += 1) {
    const difference = (bytes[shard] as number) - (bytes[least] as number);
    if (difference < 0 || (difference === 0 && (files[shard] as number) < (files[least] as number))) least = shard;
  }
  return least;
}
