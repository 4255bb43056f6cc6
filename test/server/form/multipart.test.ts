import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { receiveForm } from '../../../src/server/form/form.ts';
import { boundaryOf, parseFieldHead } from '../../../src/server/form/form-head.ts';
import { createMultipartReader, type MultipartReader } from '../../../src/server/form/multipart.ts';
import { scratchFolder } from '../support/local.ts';

const BOUNDARY = 'B-';
const DELIMITER = `\r\n--${BOUNDARY}`;

// Payloads made of what boundaries are made of, so that every near miss is met.
const payloads = fc
  .oneof(
    fc
      .array(fc.constantFrom('\r', '\n', '-', 'B', '\r\n', '\r\n--', '\r\n--B', '--B-', 'x'), { maxLength: 40 })
      .map(all => all.join('')),
    fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString('latin1')),
  )
  .filter(payload => !`${payload}\r\n`.includes(DELIMITER));
const cuts = fc.array(fc.nat(400), { maxLength: 30 });

const form = (payload: string): Buffer =>
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="data"; filename="f"\r\n\r\n${payload}${DELIMITER}--\r\n`,
    'latin1',
  );

function split(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const edges = [0, ...at.filter(cut => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => Buffer.from(bytes.subarray(edges[index], edge)));
}

const payloadOf = (reader: MultipartReader, chunks: readonly Buffer[]): string =>
  Buffer.concat(
    chunks.flatMap(chunk => reader.push(chunk)).flatMap(event => (event.kind === 'data' ? [event.bytes] : [])),
  ).toString('latin1');

async function* streamed(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

it('gives the payload back, however it is cut and whatever it looks like', () => {
  fc.assert(
    fc.property(payloads, cuts, (payload, at) => {
      const reader = createMultipartReader(BOUNDARY);
      expect(payloadOf(reader, split(form(payload), at))).toBe(payload);
      reader.finish();
    }),
    { numRuns: 2000 },
  );
});

it('takes no form for whole that breaks off, wherever it breaks off', () => {
  fc.assert(
    fc.property(payloads, cuts, fc.nat(1000), (payload, at, end) => {
      const whole = form(payload);
      const closed = whole.length - '\r\n'.length;
      const reader = createMultipartReader(BOUNDARY);
      for (const chunk of split(whole.subarray(0, end % closed), at)) reader.push(chunk);
      expect(() => reader.finish()).toThrow(/closing boundary/);
    }),
    { numRuns: 2000 },
  );
});

it('stores the bytes of a whole form and nothing of a broken one', async () => {
  const dir = await scratchFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(payloads.filter(Boolean), cuts, fc.boolean(), async (payload, at, broken) => {
      const path = join(dir, `part ${++run}`);
      const chunks = split(broken ? form(payload).subarray(0, -4) : form(payload), at);
      const rules = { boundary: BOUNDARY, file: 'data', texts: [], path, checkSize: () => {} };
      const received = receiveForm(streamed(chunks), rules);
      if (broken) await expect(received).rejects.toThrow(/closing boundary/);
      else expect((await received).bytes).toBe((await readFile(path)).length);
      const stored = (await readdir(dir)).includes(`part ${run}`) ? await readFile(path, 'latin1') : undefined;
      expect(stored).toBe(broken ? undefined : payload);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['an endless preamble', 'x'.repeat(20_000), /does not start/],
  ['a boundary that goes on', '--B-x\r\n', /neither a line break/],
  ['an endless head', `--B-\r\nA: ${'b'.repeat(20_000)}`, /too long/],
])('refuses %s', (_, body, message) => {
  const reader = createMultipartReader(BOUNDARY);
  expect(() => reader.push(Buffer.from(body))).toThrow(message);
});

it.each([
  ['form-data; name="data"; filename="part-1"', { name: 'data', filename: 'part-1' }],
  ['form-data; name=data; filename=part-1', { name: 'data', filename: 'part-1' }],
  ['form-data; filename="x"; name="data"', { name: 'data', filename: 'x' }],
  ['form-data; name="a%22b"; filename="c\\"d"', { name: 'a"b', filename: 'c"d' }],
  ['form-data; name="data"', { name: 'data' }],
  ['form-data; name="data"; filename="ü.txt"', { name: 'data', filename: 'ü.txt' }],
])('reads the head %s', (disposition, head) => {
  expect(parseFieldHead(`content-type: text/plain\r\nContent-Disposition: ${disposition}`)).toEqual(head);
});

it.each([
  ['', /form-data name/],
  ['Content-Disposition: attachment; name="data"', /form-data name/],
  ['no colon', /without a colon/],
  ['Content-Disposition: form-data; name="data"\r\nContent-Transfer-Encoding: base64', /transfer-encoding/],
])('refuses the head %j', (head, message) => {
  expect(() => parseFieldHead(head)).toThrow(message);
});

it.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data; charset=x; boundary="a b"', 'a b'],
])('finds the boundary in %s', (type, boundary) => {
  expect(boundaryOf(type)).toBe(boundary);
});

it.each([
  undefined,
  'application/json',
  'multipart/form-data',
  'multipart/mixed; boundary=x',
  `multipart/form-data; boundary=${'x'.repeat(71)}`,
])('finds none in %s', type => {
  expect(() => boundaryOf(type)).toThrow();
});

it('12.20: finds no form in a preamble alone', () => {
  const reader = createMultipartReader(BOUNDARY);
  expect(reader.push(Buffer.from('x--B-\r\nA: b\r\n\r\nc'))).toEqual([]);
  expect(() => reader.finish()).toThrow(/before the closing boundary/);
});

it('12.20: ignores a preamble and an epilogue, wherever the bytes are cut (RFC 2046)', () => {
  const body = Buffer.from('a preamble\r\n--B-\r\nA: b\r\n\r\npayload\r\n--B---\r\n\r\nan epilogue');
  for (let cut = 0; cut <= body.length; cut += 1) {
    const reader = createMultipartReader(BOUNDARY);
    const events = [...reader.push(body.subarray(0, cut)), ...reader.push(body.subarray(cut))];
    reader.finish();
    const data = events.flatMap(event => (event.kind === 'data' ? [event.bytes.toString()] : []));
    expect(data.join(''), `cut at ${cut}`).toBe('payload');
    expect(events.filter(({ kind }) => kind !== 'data').map(({ kind }) => kind)).toEqual(['head', 'end']);
  }
});
