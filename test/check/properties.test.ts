import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findJsonFault } from '../../src/check/json-fault.ts';
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
      fc.constantFrom(10, 40, 1000),
      async (name, bytes, places, maxLineBytes) => {
        const whole = await checkReads(name, [bytes], maxLineBytes);
        expect(await checkReads(name, cutAt(bytes, places), maxLineBytes)).toEqual(whole);
        const single = [...bytes].map(byte => Uint8Array.of(byte));
        expect(await checkReads(name, single, maxLineBytes)).toEqual(whole);
      },
    ),
    RUNS,
  );
});

const text = fc.string({ unit: 'grapheme' });
const requests = fc
  .uniqueArray(text, { minLength: 1, maxLength: 30 })
  .chain(ids =>
    fc.tuple(...ids.map(id => fc.dictionary(text, fc.jsonValue()).map(body => request({ custom_id: id, body })))),
  );
const message = fc.oneof(
  text.map(content => ({ ...user, content })),
  fc.record({ role: fc.constant('assistant'), content: text, weight: fc.constantFrom(0, 1) }),
  text.map(content => ({ role: 'tool', tool_call_id: 'x', content: [{ type: 'text', text: content }] })),
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
