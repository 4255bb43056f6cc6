import type { Summary } from '../core/schema/results/checked.ts';
import { problemsBeforeReading, sizeProblem } from './before-reading.ts';
import { WHOLE_FILE } from './findings/finding.ts';
import { createNotebook, type Notebook } from './findings/notebook.ts';
import { createContent } from './read/content.ts';
import { createLineCheck } from './read/line-check.ts';
import { createLineSplitter } from './read/lines.ts';
import { createBatchRules } from './rules/batch/batch.ts';
import type { Context } from './rules/context.ts';
import { createEvalsRules } from './rules/evals.ts';
import { createFineTuneRules } from './rules/fine-tune/fine-tune.ts';
import type { PurposeRules } from './rules/rule.ts';
import { createSummary } from './summary.ts';
import type { Check, CheckOptions, CheckReport } from './types.ts';

/** As many findings of a level are kept; the others are counted. */
export const MAX_FINDINGS = 20;

/** The longest line that is parsed: what the API takes in one request is smaller. */
export const MAX_LINE_BYTES = 64 * 1024 ** 2;

const purposes = new Map<string, (context: Context) => PurposeRules>([
  ['batch', createBatchRules],
  ['fine-tune', createFineTuneRules],
  ['evals', createEvalsRules],
]);

/** Starts the check of one file. Throws nothing, whatever the bytes are; neither do `write` and `end`. */
export function createCheck(options: CheckOptions): Check {
  const { purpose, service = 'openai', maxLineBytes = MAX_LINE_BYTES, firstLine = 1 } = options;
  const notes = notesBeforeReading(options);
  const createRules = purposes.get(purpose);
  if (!createRules) return withoutContent(notes);

  const summary = createSummary();
  const rules = createRules({ notes, service, summary });
  const content = createContent({
    notes,
    rules,
    check: createLineCheck(rules, notes, summary),
    maxLineBytes,
    firstLine,
    // Azure's guide to fine-tuning asks for the mark.
    acceptsMark: purpose === 'fine-tune' && service === 'azure',
  });
  const splitter = createLineSplitter(content, maxLineBytes);
  const size = createSizeWatch(options, notes);
  return {
    write: bytes => {
      size.add(bytes.length);
      splitter.write(bytes);
    },
    end: () => {
      splitter.end();
      content.end();
      size.end();
      return reportOf(notes, content.lines(), summary.read());
    },
    stop: () => {
      content.stop();
      size.end();
      return reportOf(notes, null, summary.read());
    },
    get failed() {
      return notes.failed;
    },
  };
}

/** What name and size tell. */
function notesBeforeReading(options: CheckOptions): Notebook {
  const { service = 'openai', strict = false, maxFindings = MAX_FINDINGS } = options;
  const notes = createNotebook({ service, strict, maxFindings });
  for (const { rule, message, hint } of problemsBeforeReading(options)) notes.add(rule, WHOLE_FILE, message, hint);
  return notes;
}

/** Of a purpose whose files are not lines: what name and size tell. */
function withoutContent(notes: Notebook): Check {
  return {
    write: () => {},
    end: () => reportOf(notes, null, null),
    stop: () => reportOf(notes, null, null),
    get failed() {
      return notes.failed;
    },
  };
}

/** Where the size is not known before, the bytes are counted. */
function createSizeWatch({ purpose, bytes }: CheckOptions, notes: Notebook) {
  let count = 0;
  return {
    add: (more: number): void => {
      count += more;
      if (bytes === undefined && sizeProblem(purpose, count)?.rule === 'too-large') notes.expect('too-large');
    },
    end: (): void => {
      const problem = bytes === undefined ? sizeProblem(purpose, count) : undefined;
      if (problem) notes.add(problem.rule, WHOLE_FILE, problem.message, problem.hint);
    },
  };
}

const reportOf = (notes: Notebook, lines: number | null, summary: Summary | null): CheckReport => ({
  lines,
  errors: notes.read('error'),
  warnings: notes.read('warning'),
  notes: notes.read('note'),
  summary,
});
