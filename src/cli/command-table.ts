import type { ArgumentSpec, CommandSpec, Example } from './command-spec.ts';
import {
  cancelOptions,
  checkOptions,
  doctorOptions,
  pushOptions,
  resumeOptions,
  verifyOptions,
} from './options/options.ts';
import { serveOptions } from './options/serve-options.ts';

// Every command, once: the commander tree, --help, completions and the man page all come of this table.

export const SHELLS = ['bash', 'zsh', 'fish', 'pwsh'] as const;

const SENDING = ['AUTH', 'UNAVAILABLE', 'REJECTED'] as const;
const UPLOADING = ['SOURCE', ...SENDING, 'INTEGRITY', 'EXPIRED', 'UNCERTAIN', 'LOCKED', 'INTERRUPTED'] as const;

const idsOrFiles: ArgumentSpec = { syntax: '[id-or-file...]', description: 'upload ids or files', offers: 'saved' };

export const commands = {
  push: {
    description: 'upload files; an interrupted upload resumes where it stopped',
    aliases: ['upload', 'cp'],
    synopsis: '<file...> --purpose <purpose> [options]',
    arguments: [{ syntax: '[file...]', description: 'files to upload; - is stdin', offers: 'files' }],
    options: pushOptions,
    examples: [
      ['upload, and keep the id of the File', 'id=$(oai-upload push data.jsonl --purpose batch)'],
      ['try it: no key, no network', 'oai-upload push data.jsonl --purpose batch --local'],
      ['upload what a pipe brings', 'pg_dump | gzip | oai-upload push - --filename dump.gz --purpose user_data'],
    ],
    exits: UPLOADING,
  },
  resume: {
    description: 'go on with saved uploads, without naming the flags again',
    synopsis: '<id-or-file...> | --all [options]',
    arguments: [idsOrFiles],
    options: resumeOptions,
    examples: [
      ['go on with one file', 'oai-upload resume data.jsonl'],
      ['go on with everything that is saved', 'oai-upload resume --all'],
      ['as slow as a shared line asks for', 'oai-upload resume --all --limit-rate 2MB/s'],
    ],
    exits: UPLOADING,
  },
  list: {
    description: 'list saved uploads',
    aliases: ['ls'],
    synopsis: '[options]',
    options: {},
    examples: [
      ['what is saved here', 'oai-upload list'],
      ['their ids', 'oai-upload list --json | jq -r .upload_id'],
      ['what another folder holds', 'oai-upload list --state-dir /mnt/state'],
    ],
    exits: [],
  },
  show: {
    description: 'show one saved upload',
    aliases: ['status'],
    synopsis: '<id-or-file> [options]',
    arguments: [{ syntax: '<id-or-file>', description: 'upload id or file', offers: 'saved' }],
    options: {},
    examples: [
      ['by its file', 'oai-upload show data.jsonl'],
      ['by its id', 'oai-upload show upload_abc123'],
      ['how much of it is done', 'oai-upload show data.jsonl --json | jq .bytes_done'],
    ],
    exits: [],
  },
  cancel: {
    description: 'cancel saved uploads at the server, then forget them',
    aliases: ['rm'],
    synopsis: '<id-or-file...> | --all | --missing [options]',
    arguments: [idsOrFiles],
    options: cancelOptions,
    examples: [
      ['cancel the upload of a file', 'oai-upload cancel data.jsonl'],
      ['cancel everything that is saved', 'oai-upload cancel --all'],
      ['cancel what has lost its file', 'oai-upload cancel --missing'],
    ],
    exits: [...SENDING, 'LOCKED', 'INTERRUPTED'],
  },
  clean: {
    description: 'forget expired and finished uploads, remove stale locks',
    synopsis: '[options]',
    options: {},
    examples: [
      ['tidy up', 'oai-upload clean'],
      ['from cron, in silence', 'oai-upload clean --quiet'],
      ['count what was forgotten', 'oai-upload clean --json | jq .forgotten'],
    ],
    exits: [],
  },
  verify: {
    description: 'compare a local file with what the server holds',
    synopsis: '<file> <file-id> [options]',
    arguments: [
      { syntax: '<file>', description: 'local file', offers: 'files' },
      { syntax: '<file-id>', description: 'id of the File' },
    ],
    options: verifyOptions,
    examples: [
      ['compare sizes, then contents', 'oai-upload verify a.jsonl file-abc'],
      ['how far the comparison got', 'oai-upload verify a.jsonl file-abc --json | jq -r .content'],
      ['against the embedded server', 'oai-upload verify a.jsonl file-abc --local'],
    ],
    exits: ['SOURCE', ...SENDING, 'INTEGRITY', 'UNCERTAIN', 'INTERRUPTED'],
  },
  check: {
    description: 'check files for their purpose before they are sent: no key, no network',
    synopsis: '<file...> --purpose <purpose> [options]',
    arguments: [{ syntax: '<file...>', description: 'files to check', offers: 'files' }],
    options: checkOptions,
    examples: [
      ['look for mistakes', 'oai-upload check train.jsonl --purpose fine-tune'],
      [
        'upload only what is sound',
        'oai-upload check b.jsonl --purpose batch && oai-upload push b.jsonl --purpose batch',
      ],
      ['count the mistakes', 'oai-upload check train.jsonl --purpose fine-tune --json | jq .errors.total'],
    ],
    exits: ['SOURCE', 'INTERRUPTED'],
  },
  doctor: {
    description: 'look at all that an upload from here needs: key, line, server, state folder, rate',
    synopsis: '[options]',
    options: doctorOptions,
    examples: [
      ['what would stop an upload', 'oai-upload doctor'],
      ['without the small upload', 'oai-upload doctor --no-upload'],
      ['through a proxy', 'oai-upload doctor --proxy http://proxy:3128'],
    ],
    exits: [...SENDING, 'INTERRUPTED'],
  },
  serve: {
    description: 'run the embedded server: the same API on this machine, files kept in a folder',
    synopsis: '[options]',
    options: serveOptions,
    examples: [
      ['on a port of your own', 'oai-upload serve --port 8080 --dir ./files'],
      ['slow, and only two bodies at once', 'oai-upload serve --rate 1MB --max-inflight 2'],
      ['with faults by plan', 'oai-upload serve --faults faults.json'],
    ],
    exits: [],
  },
  completion: {
    description: 'print what teaches a shell to complete this command',
    synopsis: `<${SHELLS.join('|')}>`,
    arguments: [
      { syntax: '<shell>', description: `${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1)}`, offers: SHELLS },
    ],
    options: {},
    examples: [
      ['bash, for this session', 'source <(oai-upload completion bash)'],
      ['zsh, for good', 'oai-upload completion zsh > "$fpath[1]/_oai-upload"'],
      ['fish, for this session', 'oai-upload completion fish | source'],
    ],
    exits: [],
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof commands;

/** The command of a name or an alias. */
export const commandNamed = (word: string): CommandName | undefined =>
  (Object.entries(commands) as [CommandName, CommandSpec][]).find(
    ([name, { aliases = [] }]) => name === word || aliases.includes(word),
  )?.[0];

/** What the program says of itself. */
export const about = {
  description: 'Upload large files to the OpenAI Uploads API: resumable, concurrent, verified.',
  examples: [
    ['upload, and keep the id of the File', 'id=$(oai-upload push data.jsonl --purpose batch)'],
    ['try it: no key, no network', 'oai-upload push data.jsonl --purpose batch --local'],
    ['go on with what was interrupted', 'oai-upload resume --all'],
  ],
} as const satisfies { readonly description: string; readonly examples: readonly Example[] };
