import type { RuleName } from '../findings/catalog.ts';
import { findJsonFault, type JsonFault } from './fault.ts';

/** Why a line is not JSON, as precisely as its text tells. */
export type Cause = {
  readonly rule: RuleName;
  /** From 0, in characters of the line. */
  readonly index: number;
  readonly message: string;
  readonly hint?: string;
};

/** The cause of the first fault of a line that `JSON.parse` refuses. */
export function causeOf(text: string): Cause {
  const fault = findJsonFault(text);
  if (fault === undefined) return { rule: 'invalid-json', index: 0, message: 'this line is not JSON' };
  return known(text, fault) ?? { rule: 'invalid-json', index: fault.index, message: fault.message };
}

/** A mistake that has a name: what a text shows at the fault, or just before it. */
type Mistake = (text: string, index: number) => Cause | undefined;

/** Sticky: each looks at the place of the fault only. */
const startsWith = (pattern: RegExp, cause: (found: string) => Omit<Cause, 'index'>): Mistake => {
  const sticky = new RegExp(pattern, 'y');
  return (text, index) => {
    sticky.lastIndex = index;
    const found = sticky.exec(text)?.[0];
    return found === undefined ? undefined : { ...cause(found), index };
  };
};

const MISTAKES: readonly Mistake[] = [
  startsWith(/-?(?:NaN|Infinity)\b/, found => ({
    rule: 'not-a-number',
    message: `${found} is not JSON`,
    hint: 'write null instead; in Python, json.dumps(…, allow_nan=False) refuses to write it',
  })),
  startsWith(/(?:True|False|None)\b/, found => ({
    rule: 'python-literal',
    message: `${found} is Python's, not JSON`,
    hint: 'write lines with json.dumps(…), not with str(…)',
  })),
  startsWith(/'/, () => ({
    rule: 'single-quotes',
    message: 'JSON has double quotes only',
    hint: 'in Python, write lines with json.dumps(…), not with str(…)',
  })),
  startsWith(/\/[/*]|#/, () => ({ rule: 'comment', message: 'JSON has no comments' })),
  trailingComma,
];

const known = (text: string, { index }: JsonFault): Cause | undefined => {
  for (const mistake of MISTAKES) {
    const cause = mistake(text, index);
    if (cause) return cause;
  }
  return undefined;
};

function trailingComma(text: string, index: number): Cause | undefined {
  const closing = text[index];
  if (closing !== '}' && closing !== ']') return undefined;
  const comma = beforeSpace(text, index);
  return text[comma] === ','
    ? { rule: 'trailing-comma', index: comma, message: `there is a comma too many before "${closing}"` }
    : undefined;
}

function beforeSpace(text: string, index: number): number {
  let before = index - 1;
  while (before >= 0 && ' \t\r\n'.includes(text[before] ?? '')) before -= 1;
  return before;
}
