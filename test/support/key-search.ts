import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Shorter ones stand in other words by chance. */
const SHORTEST = 12;

/** What an uploaded file holds is its own matter: only what the command writes of itself is looked at. */
const LARGEST_BYTES = 1024 ** 2;

/** Where a run left a key of its environment: in its output, or in a file of its state folder. There is no such place. */
export async function placesOfKeys(env: Env, output: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const keys = [env['OPENAI_API_KEY'], env['AZURE_OPENAI_API_KEY']].filter(key => key !== undefined);
  const long = keys.filter(key => key.length >= SHORTEST);
  if (long.length === 0) return [];
  const texts = { ...output, ...(await savedTexts(env['XDG_STATE_HOME'])) };
  return Object.entries(texts)
    .filter(([, text]) => long.some(key => text.includes(key)))
    .map(([place]) => place);
}

async function savedTexts(folder: string | undefined): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  const names = folder === undefined ? [] : await readdir(folder, { recursive: true }).catch(() => []);
  for (const name of names) {
    const path = join(folder as string, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && found.size <= LARGEST_BYTES) texts[path] = await readFile(path, 'utf8').catch(() => '');
  }
  return texts;
}
