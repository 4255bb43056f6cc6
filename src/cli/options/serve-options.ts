import { durationOption, fileOption, folderOption, inGroup, numberOption, textOption } from './option.ts';
import { rateOption } from './transfer-options.ts';

/** Options of the embedded server. */
export const serveOptions = inGroup('Server options:', {
  port: numberOption(0, 65_535)('--port <n>', 'port to listen on, 0 for any free one', { default: '0' }),
  host: textOption('--host <address>', 'address to listen on', { default: '127.0.0.1' }),
  dir: folderOption('--dir <dir>', 'folder of the uploads and files', { default: 'in the state folder' }),
  keyFile: fileOption('--key-file <path>', 'file that holds the key to ask for', {
    default: 'OAI_UPLOAD_SERVE_KEY, else any key will do',
  }),
  lifetime: durationOption('--lifetime <duration>', 'life of an upload', { default: '1h' }),
  processing: durationOption('--processing <duration>', 'time until a new File is processed', { default: '0s' }),
  latency: durationOption('--latency <duration>', 'added before each answer', { default: '0s' }),
  rate: rateOption('--rate <size>', 'maximum rate that each connection is read at, for example 5MB/s'),
  maxInflight: numberOption(1, 10_000)('--max-inflight <n>', 'bodies taken at once; a further one is refused with 503'),
  faults: fileOption('--faults <file.json>', 'faults to inject, as data'),
});
