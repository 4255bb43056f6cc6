import { EXPIRES_AFTER_SECONDS, MAX_CONCURRENCY, MAX_PART_BYTES, MAX_UPLOAD_BYTES, PURPOSES } from '../core/limits.ts';
import { parseDuration } from '../core/units.ts';
import { parseHeaders } from './headers.ts';
import {
  choiceOption,
  countOption,
  durationOption,
  linesOption,
  numberOption,
  numberOr,
  type OptionSpec,
  sizeOption,
  switchOption,
  textOption,
} from './option.ts';

// Every option of the command, once: flags, variables, help and values all come of these tables.

export const globalOptions = {
  json: switchOption('--json', 'print results as JSON, one object a line'),
  progress: choiceOption(['auto', 'bar', 'plain', 'json', 'none'])(
    '--progress <form>',
    'form of the progress on stderr (default: auto)',
  ),
  quiet: switchOption('-q, --quiet', 'no progress, notes or warnings for people'),
  noColor: switchOption('--no-color', 'no colours'),
  stateDir: textOption('--state-dir <dir>', 'folder of the saved uploads'),
  baseUrl: textOption('--base-url <url>', 'API to talk to (default: https://api.openai.com/v1)', {
    variables: ['OPENAI_BASE_URL'],
  }),
  organization: textOption('--organization <id>', 'organization', { variables: ['OPENAI_ORG_ID'] }),
  project: textOption('--project <id>', 'project', { variables: ['OPENAI_PROJECT_ID'] }),
  apiKeyFile: textOption('--api-key-file <path>', 'file that holds the key (default: the key is in OPENAI_API_KEY)'),
  header: linesOption('headers, one a line, like "Name: value"', parseHeaders)(
    '--header <header>',
    'header of every request, like "Name: value"; may be given again',
  ),
  proxy: textOption('--proxy <url>', 'proxy, with user:password@ where it asks (default: HTTPS_PROXY, HTTP_PROXY)'),
  caFile: textOption('--ca-file <path>', "authorities to trust besides Node's own, in PEM form"),
  clientCert: textOption('--client-cert <path>', 'client certificate, in PEM form'),
  clientKey: textOption('--client-key <path>', "its key (default: in the certificate's file)"),
  verbose: countOption(2)('-v, --verbose', 'tell of every request; -vv of its headers and timings too'),
  logFile: textOption('--log-file <path>', 'append what -v tells to this file, as JSON lines'),
} as const;

const expiresAfter: OptionSpec<number> = {
  ...durationOption('--expires-after <duration>', "life of the resulting File, 1h to 30d (default: the server's)"),
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

/** Options of how requests are made, shared by every command that talks to the API. */
export const networkOptions = {
  retries: numberOption(0, 1000)('--retries <n>', 'further attempts after failures in a row (default: 10)'),
  connectTimeout: durationOption('--connect-timeout <duration>', 'longest wait for a connection (default: 10s)'),
  stallTimeout: durationOption('--stall-timeout <duration>', 'longest time without a byte moved (default: 60s)'),
} as const;

/** No timer runs longer. */
const LONGEST_WAIT_MS = 7 * 86_400_000;

const waitTimeout = (flags: string, description: string): OptionSpec<number> => ({
  ...durationOption(flags, description),
  expects: 'a duration up to 7d',
  parse: text => {
    const ms = parseDuration(text) ?? Number.NaN;
    return ms <= LONGEST_WAIT_MS ? ms : undefined;
  },
});

/** Options of how a file's bytes are sent; `resume` takes them too. */
export const transferOptions = {
  concurrency: numberOr(
    'auto',
    1,
    MAX_CONCURRENCY,
  )('--concurrency <n>', `parts in flight at once, 1 to ${MAX_CONCURRENCY} or auto (default: auto)`),
  noMd5: switchOption('--no-md5', 'do not send the md5 of the whole file'),
  lockWait: durationOption('--lock-wait <duration>', 'wait that long for another run of the same file (default: 0s)'),
  limitRate: rateOption('--limit-rate <size>', 'bytes a second of the whole run, like 10MB or 10MB/s'),
  wait: switchOption('--wait', 'wait until the server has processed the File'),
  waitTimeout: waitTimeout('--wait-timeout <duration>', 'longest wait of --wait (default: 30m)'),
  failFast: switchOption('--fail-fast', 'stop all other files when one fails; what was sent stays saved'),
  cancelOnInterrupt: switchOption('--cancel-on-interrupt', 'cancel the upload when interrupted, instead of keeping it'),
  trace: textOption('--trace <file>', 'write where the time went, for ui.perfetto.dev'),
  ...networkOptions,
} as const;

const localOptions = {
  local: switchOption('--local', 'use an embedded server on this machine: no key, no network'),
  localDir: textOption('--local-dir <dir>', "folder of --local's files (default: in the state folder)"),
} as const;

export const verifyOptions = { ...localOptions, ...networkOptions } as const;

export const pushOptions = {
  purpose: textOption('--purpose <purpose>', `what the file is for: ${PURPOSES.join(', ')}`),
  filename: textOption('--filename <name>', "name at the server (default: the file's own)"),
  mimeType: textOption('--mime-type <type>', 'MIME type (default: by the name)'),
  expiresAfter,
  partSize: sizeOption(
    1,
    MAX_PART_BYTES,
    'from 1 byte to 64MiB',
  )('--part-size <size>', 'bytes of a part, at most 64MiB (default: by file size)'),
  restart: switchOption('--restart', 'ignore what is saved and start from the first byte'),
  dryRun: switchOption('--dry-run', 'print the plan; no key, no network, nothing saved'),
  skipUploaded: switchOption('--skip-uploaded', 'do not send a file again that an earlier run uploaded'),
  ...localOptions,
  size: sizeOption(
    1,
    MAX_UPLOAD_BYTES,
    'from 1 byte to 8GiB',
  )('--size <bytes>', 'bytes that stdin must have: less or more is an error'),
  filesFrom: textOption('--files-from <file>', 'file that lists more files, one a line or ended by NUL; - is stdin'),
  githubOutput: switchOption('--github-output', 'tell GitHub Actions: outputs, summary and annotations'),
  ...transferOptions,
} as const;

export const checkOptions = { purpose: pushOptions.purpose } as const;

export const doctorOptions = {
  noUpload: switchOption('--no-upload', 'measure no rate: without the small upload that is cancelled afterwards'),
  connectTimeout: networkOptions.connectTimeout,
  stallTimeout: networkOptions.stallTimeout,
} as const;

export const allOption = { all: switchOption('--all', 'every saved upload') } as const;

export const resumeOptions = { ...allOption, ...transferOptions } as const;
export const cancelOptions = { ...allOption, ...networkOptions } as const;

export const serveOptions = {
  port: numberOption(0, 65_535)('--port <n>', 'port to listen on, 0 for any free one (default: 0)'),
  host: textOption('--host <address>', 'address to listen on (default: 127.0.0.1)'),
  dir: textOption('--dir <dir>', 'folder of the uploads and files (default: in the state folder)'),
  keyFile: textOption(
    '--key-file <path>',
    'file that holds the key to ask for (default: OAI_UPLOAD_SERVE_KEY, else any key will do)',
  ),
  lifetime: durationOption('--lifetime <duration>', 'life of an upload (default: 1h)'),
  processing: durationOption('--processing <duration>', 'time until a new File is processed (default: 0s)'),
  latency: durationOption('--latency <duration>', 'added before each answer (default: 0s)'),
  rate: sizeOption(
    1,
    Number.MAX_SAFE_INTEGER,
    'of at least 1 byte',
  )('--rate <size>', 'bytes a second that a connection is read at'),
  maxInflight: numberOption(1, 10_000)('--max-inflight <n>', 'bodies taken at once; a further one is refused with 503'),
  faults: textOption('--faults <file.json>', 'faults to inject, as data'),
} as const;
