import { EXPIRES_AFTER_SECONDS, MAX_PART_BYTES, MAX_UPLOAD_BYTES, PURPOSES } from '../../core/model/limits.ts';
import { parseFormat, type ResultFormat } from '../../core/outcome/result-format.ts';
import { parseDuration } from '../../core/policy/units.ts';
import { fleetFlags, folderFlags } from './folder-flags.ts';
import {
  choiceOption,
  durationOption,
  fileOption,
  folderOption,
  inGroup,
  numberOption,
  type OptionSpec,
  sizeOption,
  switchOption,
  textOption,
} from './option.ts';
import { splitFlags } from './split-flags.ts';
import { networkOptions, TRANSFER, transferOptions } from './transfer-options.ts';

// Every option of the command, once: flags, variables, help, completions, man page, config file and its schema all
// come of these tables.

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

const format: OptionSpec<ResultFormat> = {
  ...textOption('--format <template>', "results on stdout: json, csv, tsv, or a text like '{id} {path}'", {
    default: 'the ids',
    offers: ['json', 'csv', 'tsv'],
  }),
  expects: "json, csv, tsv, or a text like '{id} {path}'",
  parse: parseFormat,
};

const localOptions = inGroup('Local server options:', {
  local: switchOption('--local', 'use an embedded server on this machine: no key, no network'),
  localDir: folderOption('--local-dir <dir>', "folder of --local's files", { default: 'in the state folder' }),
});

export const verifyOptions = { ...localOptions, ...networkOptions } as const;

const purposeOption = inGroup('File options:', {
  purpose: textOption('-p, --purpose <purpose>', `what the file is for: ${PURPOSES.join(', ')}`, { offers: PURPOSES }),
});

export const pushOptions = {
  ...purposeOption,
  ...inGroup('File options:', {
    filename: textOption('--filename <name>', 'name at the server', { default: "the file's own" }),
    mimeType: textOption('--mime-type <type>', 'MIME type', { default: 'by the name' }),
    expiresAfter,
    filesFrom: fileOption(
      '-f, --files-from <file>',
      'file that lists more files, one a line or ended by NUL; - is stdin',
    ),
    size: sizeOption(
      1,
      MAX_UPLOAD_BYTES,
      'from 1 byte to 8GiB',
    )('--size <bytes>', 'bytes of stdin, sent while they arrive: less or more is an error'),
  }),
  ...folderFlags,
  ...fleetFlags,
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
  ...splitFlags,
  ...transferOptions,
  ...inGroup('Result options:', {
    format,
    dryRun: switchOption('-n, --dry-run', 'print the plan; no key, no network, nothing saved'),
    githubOutput: switchOption('--github-output', 'tell GitHub Actions: outputs, summary and annotations'),
  }),
  ...localOptions,
} as const;

export const checkOptions = {
  ...purposeOption,
  ...inGroup('Check options:', {
    service: choiceOption(['openai', 'azure'])('--service <service>', 'whose rules apply: openai or azure', {
      default: 'by the base URL',
    }),
    strict: switchOption('--strict', 'treat warnings as errors'),
    maxFindings: numberOption(1, 100_000)(
      '--max-findings <n>',
      'errors, warnings and notes to show, of each; all are counted',
      { default: '20' },
    ),
  }),
} as const;

export const doctorOptions = {
  ...inGroup('Examination options:', {
    noUpload: switchOption('--no-upload', 'measure no rate: without the small upload that is cancelled afterwards'),
  }),
  connectTimeout: networkOptions.connectTimeout,
  stallTimeout: networkOptions.stallTimeout,
} as const;

export const allOption = inGroup('Choice options:', { all: switchOption('--all', 'every saved upload') });

export const resumeOptions = { ...allOption, ...transferOptions } as const;
export const cancelOptions = {
  ...allOption,
  ...inGroup('Choice options:', { missing: switchOption('--missing', 'every saved upload whose file is gone') }),
  ...networkOptions,
} as const;
