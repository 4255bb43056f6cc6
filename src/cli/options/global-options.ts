import { parseHeaders } from './headers.ts';
import {
  choiceOption,
  countOption,
  fileOption,
  folderOption,
  inGroup,
  linesOption,
  switchOption,
  textOption,
} from './option.ts';

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
  apiKeyCommand: textOption('--api-key-command <command>', 'command that prints the key, run again where it expires'),
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
