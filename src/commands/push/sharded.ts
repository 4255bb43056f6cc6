import type { fleetFlags } from '../../cli/options/folder-flags.ts';
import type { Values } from '../../cli/options/option.ts';
import type { World } from '../../cli/process-context.ts';
import { usageError } from '../../core/errors/errors.ts';
import { STDIN } from '../../core/model/file-job.ts';
import { shardInEnv } from '../../core/shards/schedulers.ts';
import { type Shard, type ShardChoice, shardOfPath, shardsBySize } from '../../core/shards/shard.ts';
import { locate } from './file-slots.ts';
import { chosen, type Paths } from './path-list.ts';
import { eachOf } from './survey.ts';

/** The paths of this run's shard, in their order; all of them without `--shard`. */
export const sharded = async (
  args: readonly string[],
  paths: Paths,
  { shard, shardBy }: Values<typeof fleetFlags>,
  { env }: Pick<World, 'env'>,
  tell: (message: string) => void,
): Promise<Paths> => {
  if (shard === undefined) {
    if (shardBy !== undefined) throw usageError('--shard-by goes with --shard');
    return paths;
  }
  if (args.includes(STDIN)) throw usageError('--shard shares a list of files: stdin is none');
  const { index, count } = shardFrom(shard, env);
  const byHash = (at: number): number => shardOfPath(paths.at(at), count);
  const shardAt = shardBy === 'size' ? await bySize(paths, count) : byHash;
  const mine = chosen(paths, at => shardAt(at) === index);
  tell(`shard ${index} of ${count}: ${mine.size} of ${paths.size} files`);
  return mine;
};

const shardFrom = (choice: ShardChoice, env: World['env']): Shard => {
  if (!('auto' in choice)) return choice;
  const told = shardInEnv(env, choice.count);
  if ('index' in told) return told;
  switch (told.trouble) {
    case 'no scheduler':
      throw usageError(
        '--shard auto: no scheduler tells which task this is',
        `known are ${told.of}; or give --shard i/n`,
      );
    case 'no count':
      throw usageError(`--shard auto: ${told.of} does not tell how many tasks there are`, 'give it: --shard auto/8');
    case 'many':
      throw usageError(`--shard auto: ${told.of} are both set`, 'give --shard i/n');
    case 'unclear':
      throw usageError(`--shard auto: ${told.of} is no shard`, 'give --shard i/n');
  }
};

const bySize = async (paths: Paths, count: number): Promise<(at: number) => number> => {
  const sizes = new Float64Array(paths.size);
  for await (const [at, { size }] of eachOf(paths, locate)) sizes[at] = size;
  const shards = shardsBySize(sizes, count);
  return at => shards[at] as number;
};
