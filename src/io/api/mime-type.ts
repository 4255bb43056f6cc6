import { Mime } from 'mime/lite';
import standardTypes from 'mime/types/standard.js';

// What the API's own list of supported files says (file-search guide), where it differs from the registry, and the
// name that official documentation uses for JSON lines, which no registry has.
const ofTheApi = {
  'application/jsonl': ['jsonl', 'ndjson'],
  'application/typescript': ['ts'],
  'application/x-sh': ['sh'],
  'text/javascript': ['js', 'mjs'],
  'text/x-c': ['c', 'h'],
  'text/x-c++': ['cpp', 'cc', 'hpp'],
  'text/x-csharp': ['cs'],
  'text/x-golang': ['go'],
  'text/x-java': ['java'],
  'text/x-php': ['php'],
  'text/x-python': ['py'],
  'text/x-ruby': ['rb'],
  'text/x-tex': ['tex'],
};

const types = new Mime(standardTypes).define(ofTheApi, true);

/** The MIME type that the API lists for such a name, else the registered one, else plain bytes. */
export const mimeTypeOf = (filename: string): string => types.getType(filename) ?? 'application/octet-stream';
