/** What is around a value: names of objects and indexes of arrays, from the outside. */
export type Path = readonly (string | number)[];

/** What looks at valid JSON from its start to its end; anything but undefined ends the scan. */
export type Visitor<Found> = {
  /** A name begins at this index; each object has a `names` of its own. */
  name?(name: string, index: number, names: Set<string>): Found | undefined;
  /** A value begins at this index. The path changes after the call. */
  value?(path: Path, index: number): Found | undefined;
};

/** An object or an array that is open: the name or index that the scan is at. */
type Frame = { key: string | number | undefined; readonly names: Set<string> };

/** Visits the names and values of valid JSON in order. Nesting costs memory, not stack. */
export function scan<Found>(text: string, visitor: Visitor<Found>): Found | undefined {
  const frames: Frame[] = [];
  const path: (string | number)[] = [];
  for (let index = afterSpace(text, 0); index < text.length; index = afterSpace(text, index)) {
    const character = text[index];
    const frame = frames.at(-1);
    let found: Found | undefined;
    if (character === ',') {
      next(frame, path);
      index += 1;
    } else if (character === '}' || character === ']') {
      if (frames.pop()?.key !== undefined) path.pop();
      index += 1;
    } else if (frame && frame.key === undefined) {
      const end = endOfString(text, index);
      const name = JSON.parse(text.slice(index, end)) as string;
      found = visitor.name?.(name, index, frame.names);
      frame.key = name;
      path.push(name);
      index = end;
    } else {
      found = visitor.value?.(path, index);
      index = stepInto(text, index, frames, path);
    }
    if (found !== undefined) return found;
  }
  return undefined;
}

/** After a comma: the next index of an array; the next name of an object is still to come. */
function next(frame: Frame | undefined, path: (string | number)[]): void {
  if (!frame) return;
  path.pop();
  frame.key = typeof frame.key === 'number' ? frame.key + 1 : undefined;
  if (frame.key !== undefined) path.push(frame.key);
}

/** Opens an object or array, or passes over a string or scalar. */
function stepInto(text: string, index: number, frames: Frame[], path: (string | number)[]): number {
  const character = text[index];
  if (character === '"') return endOfString(text, index);
  if (character !== '{' && character !== '[') return endOfScalar(text, index);
  const key = character === '[' ? 0 : undefined;
  frames.push({ key, names: new Set() });
  if (key !== undefined) path.push(key);
  return index + 1;
}

const afterSpace = (text: string, from: number): number => {
  let index = from;
  while (index < text.length && ' \t\r\n:'.includes(text[index] ?? '')) index += 1;
  return index;
};

/** The index after the quote that ends the string which begins here. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) return index + 1;
  }
  return text.length;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

function endOfScalar(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && !',]} \t\r\n'.includes(text[index] ?? '')) index += 1;
  return index;
}
