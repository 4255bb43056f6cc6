import { MAX_UPLOAD_BYTES } from '../../core/model/limits.ts';
import { inGroup, numberOption, sizeOption, switchOption } from './option.ts';

/** Options that make several Files of one JSONL file. */
export const splitFlags = inGroup('Split options:', {
  split: switchOption('--split', 'split a JSONL file above the limits of its purpose into several Files'),
  splitSize: sizeOption(1, MAX_UPLOAD_BYTES, 'from 1 byte to 8GiB')('--split-size <size>', 'most bytes of a File', {
    default: '200MB for batch, 8GiB for others',
  }),
  splitLines: numberOption(1, Number.MAX_SAFE_INTEGER)('--split-lines <n>', 'most lines of a File', {
    default: '50000 for batch',
  }),
  splitTokens: numberOption(1, Number.MAX_SAFE_INTEGER)(
    '--split-tokens <n>',
    'most tokens of a File, estimated at four bytes each',
  ),
});
