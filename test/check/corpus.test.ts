import { describe, expect, it } from 'vitest';
import { checkText, found } from './check.ts';
import { batchRows } from './corpus/batch.ts';
import { evalsRows } from './corpus/evals.ts';
import { fileRows, otherPurposes } from './corpus/file.ts';
import { fineTuneRows } from './corpus/fine-tune.ts';
import type { Row } from './corpus/rows.ts';

const corpus: Readonly<Record<string, readonly Row[]>> = {
  batch: batchRows,
  'fine-tune': fineTuneRows,
  evals: [...evalsRows, ...fileRows],
};

describe.each(Object.entries(corpus))('%s', (purpose, rows) => {
  it.each(rows)('$name', async ({ text, options, expected }) => {
    expect(found(await checkText(purpose, text, options))).toEqual(expected);
  });
});

it.each(otherPurposes)('reads no content for %s', async (purpose, ...expected) => {
  const report = await checkText(purpose, '\n[');
  expect(report.lines).toBeNull();
  expect(found(report)).toEqual(expected);
});

it('has at least 200 files', () => {
  expect(Object.values(corpus).flat().length).toBeGreaterThanOrEqual(200);
});
