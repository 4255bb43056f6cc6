import { EXPIRES_AFTER_SECONDS, MAX_CONCURRENCY, MAX_PART_BYTES, MAX_UPLOAD_BYTES, PURPOSES } from '../core/limits.ts';
import { parseDuration } from '../core/units.ts';
import { parseHeaders } from './headers.ts';
import {
  choiceOption,
  countOption,
  durationOption,
  fileOption,
  folderOption,
  inGroup,
  linesOption,
  numberOption,
  numberOr,
  type OptionSpec,
  sizeOption,
  switchOption,
  textOption,
} from './option.ts';

// Every option of the command, once: flags, variables, help, completions, man page, config file and its schema all
// come of these tables.

const outputOptions = inGroup('Output options:', {
  json: switchOption('--json', 'print results as JSON, one object a line'),
  progress: choiceOption(['auto', 'bar', 'plain', 'json', 'none'])(
    '--progress <form>',
    'form of the progress on stderr: auto, bar, plain, json or none',
    { default: 'auto' },
  ),
  quiet: switchOption('-q, --quiet', 'no progress, notes or warnings for people'),
  noColor: switchOption('--no-color', 'no colours'),
  verbose: countOption(2)('-v, --verbose', 'tell of every request; -vv of its headers and timings too'),
  logFile: fileOption('--log-file <path>', 'append what -v tells to this file, as JSON lines'),
});

const serverOptions = inGroup('Server and key options:', {
  baseUrl: textOption('--base-url <url>', 'API to talk to', {
    variables: ['OPENAI_BASE_URL'],
    default: 'https://api.openai.com/v1',
  }),
  organization: textOption('--organization <id>', 'organization', { variables: ['OPENAI_ORG_ID'] }),
  project: textOption('--project <id>', 'project', { variables: ['OPENAI_PROJECT_ID'] }),
  apiKeyFile: fileOption('--api-key-file <path>', 'file that holds the key', {
    default: 'the key is in OPENAI_API_KEY',
  }),
  header: linesOption('headers, one a line, like "Name: value"', parseHeaders)(
    '--header <header>',
    'header of every request, like "Name: value"; may be given again',
  ),
  proxy: textOption('--proxy <url>', 'proxy, with user:password@ where it asks', {
    default: 'HTTPS_PROXY, HTTP_PROXY',
  }),
  caFile: fileOption('--ca-file <path>', "authorities to trust besides Node's own, in PEM form"),
  clientCert: fileOption('--client-cert <path>', 'client certificate, in PEM form'),
  clientKey: fileOption('--client-key <path>', 'its key, in PEM form', { default: "in the certificate's file" }),
});

export const profileOption = inGroup('General options:', {
  profile: textOption('--profile <name>', 'profile of the config file', { offers: 'profiles' }),
});

export const globalOptions = {
  ...outputOptions,
  ...serverOptions,
  ...profileOption,
  ...inGroup('General options:', {
    stateDir: folderOption('--state-dir <dir>', 'folder of the saved uploads', { default: "the platform's own place" }),
  }),
} as const;

const expiresAfter: OptionSpec<number> = {
  ...durationOption('--expires-after <duration>', 'life of the resulting File, 1h to 30d', { default: "the server's" }),
  expects: 'a duration from 1h to 30d',
  parse: text => {
    const seconds = (parseDuration(text) ?? Number.NaN) / 1000;
    return seconds >= EXPIRES_AFTER_SECONDS.min && seconds <= EXPIRES_AFTER_SECONDS.max && Number.isInteger(seconds)
      ? seconds
      : undefined;
  },
};

const rateOption = (flags: string, description: string): OptionSpec<number> => {
  const size = sizeOption(1, Number.MAX_SAFE_INTEGER, 'of at least 1 byte, with or without /s')(flags, description);
  return { ...size, parse: text => size.parse(text.replace(/\/s$/, '')) };
};

const TRANSFER = 'Transfer options:';

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
  '--concurrency <n>',
  `parts in flight at once, 1 to ${MAX_CONCURRENCY} or auto`,
  { default: 'auto' },
);

/** Options of how a file's bytes are sent; `resume` takes them too. */
export const transferOptions = {
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

const localOptions = inGroup('Local server options:', {
  local: switchOption('--local', 'use an embedded server on this machine: no key, no network'),
  localDir: folderOption('--local-dir <dir>', "folder of --local's files", { default: 'in the state folder' }),
});

export const verifyOptions = { ...localOptions, ...networkOptions } as const;

const purposeOption = inGroup('File options:', {
  purpose: textOption('--purpose <purpose>', `what the file is for: ${PURPOSES.join(', ')}`, { offers: PURPOSES }),
});

export const pushOptions = {
  ...purposeOption,
  ...inGroup('File options:', {
    filename: textOption('--filename <name>', 'name at the server', { default: "the file's own" }),
    mimeType: textOption('--mime-type <type>', 'MIME type', { default: 'by the name' }),
    expiresAfter,
    filesFrom: fileOption('--files-from <file>', 'file that lists more files, one a line or ended by NUL; - is stdin'),
    size: sizeOption(
      1,
      MAX_UPLOAD_BYTES,
      'from 1 byte to 8GiB',
    )('--size <bytes>', 'bytes of stdin, sent while they arrive: less or more is an error'),
  }),
  ...inGroup('Resume options:', {
    restart: switchOption('--restart', 'ignore what is saved and start from the first byte'),
    skipUploaded: switchOption('--skip-uploaded', 'do not send a file again that an earlier run uploaded'),
  }),
  ...inGroup(TRANSFER, {
    partSize: sizeOption(1, MAX_PART_BYTES, 'from 1 byte to 64MiB')(
      '--part-size <size>',
      'bytes of a part, at most 64MiB',
      { default: 'by file size' },
    ),
  }),
  ...transferOptions,
  ...inGroup('Result options:', {
    dryRun: switchOption('--dry-run', 'print the plan; no key, no network, nothing saved'),
    githubOutput: switchOption('--github-output', 'tell GitHub Actions: outputs, summary and annotations'),
  }),
  ...localOptions,
} as const;

export const checkOptions = purposeOption;

export const doctorOptions = {
  ...inGroup('Examination options:', {
    noUpload: switchOption('--no-upload', 'measure no rate: without the small upload that is cancelled afterwards'),
  }),
  connectTimeout: networkOptions.connectTimeout,
  stallTimeout: networkOptions.stallTimeout,
} as const;

export const allOption = inGroup('Choice options:', { all: switchOption('--all', 'every saved upload') });

export const resumeOptions = { ...allOption, ...transferOptions } as const;
export const cancelOptions = { ...allOption, ...networkOptions } as const;
