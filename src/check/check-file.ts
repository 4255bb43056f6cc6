import { PURPOSES } from '../core/model/limits.ts';
import { MAX_BATCH_BYTES } from './batch.ts';
import { createNotebook, type Findings, type Notebook } from './finding.ts';
import { createLineCheck } from './line-check.ts';
import { createLineReader } from './lines.ts';
import type { Rules } from './record.ts';
import { rulesOf } from './rules.ts';

/** The file that is checked. */
export type CheckedFile = {
  readonly name: string;
  readonly purpose: string;
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
};

export type Verdict = {
  /** Null where the purpose does not ask for lines, and the content was not looked at. */
  readonly lines: number | null;
  readonly errors: Findings;
  readonly warnings: Findings;
};

/** The longest line that is held in memory. What the API takes in one request is smaller. */
export const MAX_LINE_BYTES = 64 * 1024 ** 2;

/** Everything that is wrong with a file for its purpose, in one pass over its bytes. */
export const checkFile = async (file: CheckedFile, maxLineBytes = MAX_LINE_BYTES): Promise<Verdict> => {
  const notes = createNotebook();
  checkWhole(file, notes);
  const rules = rulesOf(file.purpose, notes);
  const lines = rules ? await checkLines(file, rules, notes, maxLineBytes) : null;
  return { lines, errors: notes.errors(), warnings: notes.warnings() };
};

const KNOWN: readonly string[] = PURPOSES;

export function checkWhole({ name, purpose, bytes }: Omit<CheckedFile, 'read'>, notes: Notebook): void {
  const whole = { line: null };
  if ((purpose === 'batch' || purpose === 'fine-tune') && !/\.jsonl$/i.test(name))
    notes.error(whole, 'filename', `the name of a file for ${purpose} must end in .jsonl`);
  if (purpose === 'batch' && bytes > MAX_BATCH_BYTES) {
    const message = `a batch takes at most ${MAX_BATCH_BYTES} bytes (200 MiB), this file has ${bytes}: oai-upload push --split makes several files of it`;
    notes.error(whole, 'too-large', message);
  }
  if (!KNOWN.includes(purpose))
    notes.warning(whole, 'unknown-purpose', `nothing is known of the purpose ${purpose}: the content was not checked`);
}

async function checkLines(file: CheckedFile, rules: Rules, notes: Notebook, maxLineBytes: number): Promise<number> {
  const { sink, end } = createLineCheck(rules, notes, maxLineBytes);
  const reader = createLineReader(sink, maxLineBytes);
  for await (const bytes of file.read()) reader.push(bytes);
  const lines = reader.end();
  end();
  return lines;
}
