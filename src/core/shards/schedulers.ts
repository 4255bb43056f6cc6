import { type Shard, shardOf } from './shard.ts';

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
