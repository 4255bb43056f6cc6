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

/** The MIME type that the API lists for such a name, else the registered one, else plain bytes. */
export const mimeTypeOf = (filename: string): string => {
  const extension = extensionOf(filename);
  return typeIn(ofTheApi, extension) ?? typeIn(standardTypes, extension) ?? 'application/octet-stream';
};

type Table = Readonly<Record<string, readonly string[]>>;

/**
 * Looked up in the table as it is: one look-up costs less than to sort it first. An extension that has a type of its own
 * stands there with a star for others.
 */
const typeIn = (table: Table, extension: string): string | undefined =>
  extension.startsWith('*') ? undefined : Object.keys(table).find(type => table[type]?.includes(extension));

/** What follows the last dot, as `mime` has it: a mere name without one counts too, a path without one does not. */
function extensionOf(filename: string): string {
  const name = filename.replace(/^.*[/\\]/s, '').toLowerCase();
  const extension = name.replace(/^.*\./s, '');
  return extension.length < name.length - 1 || name.length === filename.length ? extension : '';
}
