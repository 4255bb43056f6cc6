import { readFile } from 'node:fs/promises';

/**
 * The script that has a shell ask us. The build puts it beside the chunk that this becomes part of. The single-file
 * executable has its own version of this, in `.build/sea/`.
 */
export const completionScript = (shell: string): Promise<string> =>
  readFile(new URL(`./completion/oai-upload.${shell}`, import.meta.url), 'utf8');
