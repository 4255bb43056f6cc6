import { readFileSync } from 'node:fs';

/**
 * The script that has a shell ask us. Read without a promise: to load those of node:fs takes Node a tenth of its start.
 * The build puts it beside the file that this becomes part of. The single-file executable has its own version of this,
 * in `.build/sea/`.
 */
export const completionScript = async (shell: string): Promise<string> =>
  readFileSync(new URL(`./completion/oai-upload.${shell}`, import.meta.url), 'utf8');
