/** Where a text stops being JSON, and why. */
export type JsonFault = {
  readonly index: number;
  readonly message: string;
  /** The text is the beginning of JSON that goes on after it, not within a string. */
  readonly isOpen?: boolean;
};

/** What may come next. */
type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma' | 'end';

type Step = { readonly index: number; readonly next: Expected } | JsonFault;

/** What the text is called in messages, and what they add where it ends too early. */
export type Scope = { readonly name: string; readonly atEnd: string };

const LINE: Scope = { name: 'the line', atEnd: ': JSONL has one whole JSON object on each line' };

/** The first fault of a text that is not JSON; undefined where it is JSON. Nesting costs memory, not stack. */
export function findJsonFault(text: string, scope = LINE): JsonFault | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  for (let index = afterSpace(text, 0); index < text.length || expected !== 'end'; ) {
    const step = stepOver(text, index, expected, open, scope);
    if ('message' in step) return step;
    expected = step.next;
    index = afterSpace(text, step.index);
  }
  return undefined;
}

function stepOver(text: string, index: number, expected: Expected, open: string[], scope: Scope): Step {
  const character = text[index];
  if (character === undefined)
    return { index, message: `${scope.name} ends ${whereIn(open)}${scope.atEnd}`, isOpen: open.length > 0 };
  switch (expected) {
    case 'value':
    case 'value or ]':
      return character === ']' && expected === 'value or ]' ? closed(index, open) : value(text, index, open, scope);
    case 'name':
    case 'name or }':
      if (character === '}' && expected === 'name or }') return closed(index, open);
      return character === '"'
        ? string(text, index, 'colon', scope)
        : unexpected(text, index, 'a name in double quotes');
    case 'colon':
      return character === ':' ? { index: index + 1, next: 'value' } : unexpected(text, index, '":"');
    case 'comma':
      return afterValue(text, index, open);
    case 'end':
      return unexpected(text, index, `the end of ${scope.name}`);
    default:
      return expected satisfies never;
  }
}

const whereIn = (open: readonly string[]): string => {
  if (open.length === 0) return 'without a value';
  return open.at(-1) === '{' ? 'inside an object' : 'inside an array';
};

const closed = (index: number, open: string[]): Step => {
  open.pop();
  return { index: index + 1, next: afterOne(open) };
};

const afterOne = (open: readonly string[]): Expected => (open.length === 0 ? 'end' : 'comma');

function afterValue(text: string, index: number, open: string[]): Step {
  const isInObject = open.at(-1) === '{';
  if (text[index] === ',') return { index: index + 1, next: isInObject ? 'name' : 'value' };
  if (text[index] === (isInObject ? '}' : ']')) return closed(index, open);
  return unexpected(text, index, isInObject ? '"," or "}"' : '"," or "]"');
}

const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

function value(text: string, index: number, open: string[], scope: Scope): Step {
  const character = text[index];
  if (character === '{' || character === '[') {
    open.push(character);
    return { index: index + 1, next: character === '{' ? 'name or }' : 'value or ]' };
  }
  if (character === '"') return string(text, index, afterOne(open), scope);
  SCALAR.lastIndex = index;
  return SCALAR.test(text) ? { index: SCALAR.lastIndex, next: afterOne(open) } : unexpected(text, index, 'a value');
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function string(text: string, start: number, next: Expected, scope: Scope): Step {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return { index: index + 1, next };
    if (code < SPACE) return { index, message: `${shown(text, index)} in a string must be escaped` };
    if (code !== BACKSLASH) continue;
    ESCAPE.lastIndex = index;
    if (!ESCAPE.test(text)) return { index, message: 'JSON has no such escape' };
    index = ESCAPE.lastIndex - 1;
  }
  return { index: start, message: `${scope.name} ends inside the string that begins here${scope.atEnd}` };
}

const [QUOTE, BACKSLASH, SPACE] = [0x22, 0x5c, 0x20];

const afterSpace = (text: string, from: number): number => {
  let index = from;
  while (' \t\r\n'.includes(text[index] ?? 'end')) index += 1;
  return index;
};

const unexpected = (text: string, index: number, wanted: string): JsonFault => ({
  index,
  message: `expected ${wanted}, found ${shown(text, index)}`,
});

const shown = (text: string, index: number): string => {
  const code = text.codePointAt(index) ?? 0;
  return code > SPACE && code !== 0x7f && code !== 0xfeff
    ? `"${String.fromCodePoint(code)}"`
    : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
};
