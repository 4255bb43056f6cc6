import type { Counts, Summary } from '../core/schema/results/checked.ts';
import { bytesOfStrings, type Measure } from './json/measure.ts';
import type { JsonObject } from './json/object.ts';
import type { Line } from './rules/rule.ts';

/** As many different values are counted one by one; further ones together. */
const [MOST_VALUES, OTHERS, LONGEST_VALUE] = [50, '(others)', 200];

const BYTES_PER_TOKEN = 4;
const TOKENS_PER_MESSAGE = 4;

/** Counts what rules come across. */
export type SummaryWriter = {
  format(name: string, count?: number): void;
  role(role: string): void;
  model(model: string): void;
  url(url: string): void;
  image(): void;
  /** Images so far. */
  images(): number;
  /** Characters of the line that are no text: ids, names of models. */
  notText(characters: number): void;
  /** The end of a line, with what was measured of it. */
  line(line: Line, value: JsonObject, measured: Measure): void;
  read(): Summary;
};

export function createSummary(): SummaryWriter {
  const [formats, roles, models, urls] = [createCounts(), createCounts(), createCounts(), createCounts()];
  const totals = createTotals();
  let images = 0;
  // Of the line that is looked at.
  let [messages, excluded] = [0, 0];
  return {
    format: formats.add,
    role: role => {
      messages += 1;
      roles.add(role);
    },
    model: models.add,
    url: urls.add,
    image: () => {
      images += 1;
    },
    images: () => images,
    notText: characters => {
      excluded += characters;
    },
    line: (line, value, measured) => {
      const characters = Math.max(0, measured.characters - excluded);
      totals.add(line, characters, tokensOf(line, value, characters, measured) + messages * TOKENS_PER_MESSAGE);
      [messages, excluded] = [0, 0];
    },
    read: () => {
      const { records, ...others } = totals.read();
      const counts = { formats: formats.read(), roles: roles.read(), models: models.read(), urls: urls.read() };
      return { records, ...counts, images, ...others };
    },
  };
}

type Totals = Pick<Summary, 'records' | 'characters' | 'estimated_tokens' | 'longest_line' | 'largest_record'>;

/** Sums over all lines, and the largest of them. */
function createTotals() {
  let [records, characters, tokens] = [0, 0, 0];
  let longest: Summary['longest_line'] = null;
  let largest: Summary['largest_record'] = null;
  return {
    add: ({ number: line, bytes }: Line, ofLine: number, tokensOfLine: number): void => {
      records += 1;
      characters += ofLine;
      tokens += tokensOfLine;
      if (bytes > (longest?.bytes ?? 0)) longest = { line, bytes };
      if (ofLine > (largest?.characters ?? -1))
        largest = { line, characters: ofLine, estimated_tokens: Math.ceil(tokensOfLine) };
    },
    read: (): Totals => ({
      records,
      characters,
      estimated_tokens: Math.ceil(tokens),
      longest_line: longest,
      largest_record: largest,
    }),
  };
}

/** Other scripts have fewer characters a token, and more bytes a character: bytes serve for both. */
function tokensOf(line: Line, value: JsonObject, characters: number, measured: Measure): number {
  return (characters * bytesPerCharacter(line, value, measured)) / BYTES_PER_TOKEN;
}

function bytesPerCharacter({ bytes, text }: Line, value: JsonObject, { characters }: Measure): number {
  if (bytes > text.length) return bytes / text.length;
  // Plain ASCII that is far longer than its texts may hold them as escapes, \u4e2d: these are counted one by one.
  return text.length > 2 * characters && characters > 0 && text.includes('\\u')
    ? bytesOfStrings(value) / characters
    : 1;
}

function createCounts() {
  const counts = new Map<string, number>();
  return {
    add: (value: string, count = 1): void => {
      const known = counts.get(value);
      if (known === undefined) {
        const name = counts.size < MOST_VALUES && value.length <= LONGEST_VALUE ? value : OTHERS;
        counts.set(name, (counts.get(name) ?? 0) + count);
      } else counts.set(value, known + count);
    },
    read: (): Counts => Object.fromEntries(counts),
  };
}
