import type { Service } from '../types.ts';
import { levelOf, type RuleName } from './catalog.ts';
import type { Finding, Findings, Place, Places } from './finding.ts';
import type { Level } from './level.ts';

/** Where rules write what they find. */
export type Notebook = {
  add(rule: RuleName, place: Place, message: string, hint?: string): void;
  /** Writes one finding for each place, also of lines before the last one written. */
  addAll(rule: RuleName, places: Places, message: string, hint?: string): void;
  /** Says that a finding of this rule is certain, although its place is known at the end only. */
  expect(rule: RuleName): void;
  /** Whether a further finding of this rule would only be counted: nothing about it needs to be worked out. */
  isFull(rule: RuleName): boolean;
  /** How many findings or places of one kind are kept. */
  readonly max: number;
  readonly failed: boolean;
  read(level: Level): Findings;
};

export type NotebookOptions = { readonly service: Service; readonly strict: boolean; readonly maxFindings: number };

export function createNotebook({ service, strict, maxFindings: max }: NotebookOptions): Notebook {
  const pages = { error: createPage(max), warning: createPage(max), note: createPage(max) };
  const levels = new Map<RuleName, Level>();
  const levelFor = (rule: RuleName): Level => {
    const level = levels.get(rule) ?? levelOf(rule, service, strict);
    levels.set(rule, level);
    return level;
  };
  let failed = false;
  const expect = (rule: RuleName): void => {
    failed ||= levelFor(rule) === 'error';
  };
  return {
    add: (rule, place, message, hint) => {
      expect(rule);
      const level = levelFor(rule);
      if (pages[level].count()) pages[level].keep(findingOf(rule, level, place, message, hint));
    },
    addAll: (rule, { shown, total }, message, hint) => {
      if (total === 0) return;
      expect(rule);
      const level = levelFor(rule);
      pages[level].count(total);
      for (const place of shown) pages[level].keep(findingOf(rule, level, place, message, hint));
    },
    expect,
    isFull: rule => pages[levelFor(rule)].isFull(),
    max,
    get failed() {
      return failed;
    },
    read: level => pages[level].read(),
  };
}

function findingOf(rule: RuleName, level: Level, { line, column }: Place, message: string, hint?: string): Finding {
  return { rule, level, line, column, message, ...(hint !== undefined && { hint }) };
}

/** The first findings of a level by their lines. */
function createPage(max: number) {
  const kept: Finding[] = [];
  let total = 0;
  return {
    /** Counts findings; whether the next one is among the first. */
    count: (more = 1): boolean => {
      total += more;
      return kept.length < max;
    },
    keep: (finding: Finding): void => void kept.push(finding),
    isFull: (): boolean => kept.length >= max,
    read: (): Findings => ({ shown: [...kept].sort(byPlace).slice(0, max), total }),
  };
}

const byPlace = (a: Finding, b: Finding): number => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
