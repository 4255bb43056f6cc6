import { MAX_CONCURRENCY } from '../../core/model/limits.ts';
import { parseDuration } from '../../core/policy/units.ts';
import { checkFlags } from './check-flags.ts';
import {
  durationOption,
  fileOption,
  inGroup,
  numberOption,
  numberOr,
  type OptionSpec,
  sizeOption,
  switchOption,
} from './option.ts';

/** A size of at least one byte, with or without `/s`. */
export const rateOption = (flags: string, description: string): OptionSpec<number> => {
  const size = sizeOption(1, Number.MAX_SAFE_INTEGER, 'of at least 1 byte, with or without /s')(flags, description);
  return { ...size, parse: text => size.parse(text.replace(/\/s$/, '')) };
};

export const TRANSFER = 'Transfer options:';

/** Options of how requests are made, shared by every command that talks to the API. */
export const networkOptions = inGroup(TRANSFER, {
  retries: numberOption(0, 1000)('--retries <n>', 'further attempts after failures in a row', { default: '10' }),
  connectTimeout: durationOption('--connect-timeout <duration>', 'longest wait for a connection', { default: '10s' }),
  stallTimeout: durationOption('--stall-timeout <duration>', 'longest time without a byte moved', { default: '60s' }),
});

/** No timer runs longer. */
const LONGEST_WAIT_MS = 7 * 86_400_000;

const waitTimeout: OptionSpec<number> = {
  ...durationOption('--wait-timeout <duration>', 'longest wait of --wait', { default: '30m' }),
  expects: 'a duration up to 7d',
  parse: text => {
    const ms = parseDuration(text) ?? Number.NaN;
    return ms <= LONGEST_WAIT_MS ? ms : undefined;
  },
};

const concurrency = numberOr('auto', 1, MAX_CONCURRENCY)(
  '-c, --concurrency <n>',
  `parts in flight at once, 1 to ${MAX_CONCURRENCY} or auto`,
  { default: 'auto' },
);

/** Options of how a file's bytes are sent; `resume` takes them too. */
export const transferOptions = {
  ...checkFlags,
  ...inGroup(TRANSFER, {
    concurrency,
    limitRate: rateOption('--limit-rate <size>', 'bytes a second of the whole run, like 10MB or 10MB/s'),
    noMd5: switchOption('--no-md5', 'do not send the md5 of the whole file'),
    failFast: switchOption('--fail-fast', 'stop all other files when one fails; what was sent stays saved'),
  }),
  ...networkOptions,
  ...inGroup('Resume options:', {
    lockWait: durationOption('--lock-wait <duration>', 'wait that long for another run of the same file', {
      default: '0s',
    }),
    cancelOnInterrupt: switchOption(
      '--cancel-on-interrupt',
      'cancel the upload when interrupted, instead of keeping it',
    ),
  }),
  ...inGroup('Result options:', {
    wait: switchOption('--wait', 'wait until the server has processed the File'),
    waitTimeout,
    trace: fileOption('--trace <file>', 'write where the time went, for ui.perfetto.dev'),
  }),
} as const;
