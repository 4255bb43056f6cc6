import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCheck } from '../../src/check/check.ts';
import { findJsonFault } from '../../src/check/json/fault.ts';
import { figures, reduced, seeded } from '../support/torture.ts';
import { assistant, checkReads, errorsOf, request, user } from './check.ts';

const RUNS = { numRuns: 200 };

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** JSON with one character taken out, put in or replaced. */
const damagedJson = fc
  .tuple(fc.json(), fc.nat(), fc.nat(1), fc.constantFrom('', ...'{}[]",:\\ \n\t\u0001-+.eE0129tfnu\ufeffé'))
  .map(([text, at, removed, added]) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + added + text.slice(index + removed);
  });

it('finds a fault exactly where JSON.parse refuses', () => {
  fc.assert(
    fc.property(fc.oneof(damagedJson, fc.json(), fc.string(), fc.string({ unit: 'binary' })), text => {
      expect(findJsonFault(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 1000 },
  );
});

it('names the place where no more text could help', () => {
  fc.assert(
    fc.property(fc.json(), fc.string(), (json, more) => {
      const fault = findJsonFault(`${json}\u0001${more}`);
      // Numbers end where something else begins; all other JSON is whole in itself.
      expect(fault?.index).toBe(json.length);
    }),
    RUNS,
  );
});

it('needs no stack for depth', () => {
  const depth = 1_000_000;
  expect(findJsonFault('['.repeat(depth))).toMatchObject({ index: depth });
  expect(findJsonFault(`{"a":"${'\\n'.repeat(depth)}x"`)).toMatchObject({ index: 2 * depth + 8 });
});

const line = fc.oneof(
  fc.json().map(text => Buffer.from(text)),
  damagedJson.map(text => Buffer.from(text)),
  fc.constantFrom('', ' ', '\r', '\ufeff{}', request(), '{"messages":[]}').map(text => Buffer.from(text)),
  fc.uint8Array({ maxLength: 12 }).map(bytes => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme' }).map(text => Buffer.from(JSON.stringify({ text }))),
);
const someBytes = fc.array(line, { maxLength: 12 }).map(lines => Buffer.concat(lines.flatMap(one => [one, NEWLINE])));
const NEWLINE = Buffer.from('\n');

/** The bytes cut into reads at these places. */
const cutAt = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const cuts = [0, ...places.map(place => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
};

it('finds the same however the bytes are cut into reads', async () => {
  const purpose = fc.constantFrom('batch', 'fine-tune', 'evals');
  await fc.assert(
    fc.asyncProperty(
      purpose,
      someBytes,
      fc.array(fc.nat(), { maxLength: 20 }),
      fc.constantFrom(10, 40, 1000).map(maxLineBytes => ({ maxLineBytes })),
      async (name, bytes, places, options) => {
        const whole = await checkReads(name, [bytes], options);
        expect(await checkReads(name, cutAt(bytes, places), options)).toEqual(whole);
        const single = [...bytes].map(byte => Uint8Array.of(byte));
        expect(await checkReads(name, single, options)).toEqual(whole);
      },
    ),
    RUNS,
  );
});

const text = fc.string({ unit: 'grapheme' });
/** Fields that no rule knows. */
const bodies = fc.dictionary(
  text.map(name => `x${name}`),
  fc.jsonValue(),
);
const requests = fc
  .uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 30 })
  .chain(ids =>
    fc.tuple(
      ...ids.map(id => bodies.map(body => request({ custom_id: id, body: { ...body, model: 'm', input: 'a' } }))),
    ),
  );
const message = fc.oneof(
  text.map(content => ({ ...user, content })),
  fc.record({ role: fc.constant('assistant'), content: text, weight: fc.constantFrom(0, 1) }),
  text.map(content => ({ role: 'tool', tool_call_id: 'x', content })),
);
const examples = fc.array(
  fc.array(message, { maxLength: 5 }).map(messages => JSON.stringify({ messages: [...messages, assistant] })),
  { minLength: 10, maxLength: 20 },
);
const valid = fc.oneof(
  fc.tuple(fc.constant('batch'), requests),
  fc.tuple(fc.constant('fine-tune'), examples),
  fc.tuple(
    fc.constant('evals'),
    fc.array(
      fc.object().map(object => JSON.stringify(object)),
      { minLength: 1 },
    ),
  ),
);

it('finds nothing in a valid file', async () => {
  await fc.assert(
    fc.asyncProperty(valid, fc.constantFrom('\n', '\r\n'), fc.boolean(), async ([purpose, lines], end, last) => {
      const bytes = Buffer.from(lines.join(end) + (last ? end : ''));
      const verdict = await checkReads(purpose, [bytes]);
      expect(errorsOf(verdict)).toEqual([]);
      expect(verdict.lines).toBe(lines.length);
    }),
    { numRuns: 100 },
  );
});

const goodLines: Readonly<Record<string, (index: number) => string>> = {
  batch: index => request({ custom_id: `r${index}` }),
  'fine-tune': index => JSON.stringify({ messages: [{ ...user, content: `q${index}` }, assistant] }),
  evals: index => JSON.stringify({ item: { q: index, a: 'b' } }),
};

/** Each breaks a good line of any purpose. */
const faults: Readonly<Record<string, (line: string) => string>> = {
  'invalid-json': line => line.slice(0, -1),
  'trailing-comma': line => `${line.slice(0, -1)},}`,
  'not-an-object': line => `[${line}]`,
  'blank-line': () => '',
  'not-a-number': line => `${line.slice(0, -1)},"x":NaN}`,
  'byte-order-mark': line => `\ufeff${line}`,
};

const LINES = 100_000;

it.each(Object.keys(goodLines))('finds exactly the line of a fault in 100,000 lines for %s', {
  timeout: 600_000,
}, async purpose => {
  // A batch has half as many.
  const count = purpose === 'batch' ? LINES / 2 : LINES;
  const lines = Array.from({ length: count }, (_, index) => goodLines[purpose]?.(index) as string);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(faults)), fc.nat(count - 2), async (rule, at) => {
      const planted = lines.with(at, faults[rule]?.(lines[at] as string) as string);
      const { errors } = await checkReads(purpose, piecesOf(Buffer.from(`${planted.join('\n')}\n`)));
      expect(errors.shown.map(({ rule: found, line }) => [found, line])).toEqual([[rule, at + 1]]);
    }),
    { numRuns: reduced(2, 100), endOnFailure: true },
  );
});

/** As a disk is read. */
const piecesOf = (bytes: Buffer): readonly Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / READ) }, (_, index) =>
    bytes.subarray(index * READ, (index + 1) * READ),
  );
const READ = 256 * 1024;

const cpuMs = (): number => process.cpuUsage().user / 1000;

/** What a check costs. Where it seems much, garbage or a compiler may have been in between: once more tells. */
function costOf(purpose: string, line: Uint8Array, tries = 5): number {
  const startedAtMs = cpuMs();
  const check = createCheck({ purpose });
  check.write(line);
  check.end();
  const ms = cpuMs() - startedAtMs;
  return ms > 20 && tries > 1 ? Math.min(ms, costOf(purpose, line, tries - 1)) : ms;
}

const MUTATIONS = reduced(10_000, 1_000_000);

it(`survives ${MUTATIONS} mutated lines, none for longer than 100 ms`, { timeout: 3_600_000 }, async () => {
  const { next, below } = seeded(15);
  const bits = [
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\u0000',
    '\ud83d',
    '1e999',
    '-',
    '\ufeff',
    'null',
    '\\u',
    ' ',
  ];
  const mutated = (line: string): string => {
    const at = below(line.length + 1);
    return line.slice(0, at) + (next() < 0.7 ? bits[below(bits.length)] : '') + line.slice(at + below(4));
  };
  const purposes = Object.keys(goodLines);
  let slowestMs = 0;
  for (let index = 0; index < MUTATIONS; index += 1) {
    const purpose = purposes[index % purposes.length] as string;
    let line = goodLines[purpose]?.(index) as string;
    for (let times = 1 + below(4); times > 0; times -= 1) line = mutated(line);
    slowestMs = Math.max(slowestMs, costOf(purpose, Buffer.from(line)));
  }
  figures(`mutated lines: ${MUTATIONS}, 0 crashes, the slowest took ${slowestMs.toFixed(1)} ms of CPU`);
  expect(slowestMs).toBeLessThan(100);
});
