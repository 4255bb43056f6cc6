import { parseShard, type ShardChoice } from '../../core/shards/shard.ts';
import { choiceOption, inGroup, linesOption, type OptionSpec, switchOption, textOption } from './option.ts';

const patterns = linesOption('patterns, one a line', text => text.split(/\r?\n/).filter(line => line.trim() !== ''));

/** Options that choose files in folders. */
export const folderFlags = inGroup('Folder options:', {
  recursive: switchOption('-r, --recursive', 'push the files in folders, and in the folders in them'),
  include: patterns(
    '--include <pattern>',
    'only files in folders that it matches, as in .gitignore; may be given again',
  ),
  exclude: patterns('--exclude <pattern>', 'no file or folder in folders that it matches; may be given again'),
  followSymlinks: switchOption('--follow-symlinks', 'take what symbolic links in folders lead to'),
});

const shard: OptionSpec<ShardChoice> = {
  ...textOption(
    '--shard <i/n>',
    'push only the i-th of n parts of the list of files; auto or auto/n: as the scheduler says',
    { offers: ['auto'] },
  ),
  expects: 'i/n with i from 1 to n, auto, or auto/n',
  parse: parseShard,
};

/** Options for runs on several machines that share a list of files. */
export const fleetFlags = inGroup('Fleet options:', {
  shard,
  shardBy: choiceOption(['hash', 'size'])(
    '--shard-by <hash|size>',
    'hash: a changed list moves no file; size: as many bytes for each',
    { default: 'hash' },
  ),
});
