import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

type Node = { readonly [key: string]: unknown };

/** Where published schemas leave room for more, tests do not: what is not in the schema is not documented. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node as Node)) copy[key] = closed(value);
  const isWhole = 'properties' in copy && 'required' in copy && 'type' in copy;
  return isWhole ? { additionalProperties: false, ...copy } : copy;
}

const ajv = new Ajv2020({ strict: false, allErrors: false });
ajvFormats.default(ajv);

/** As it is published. */
const compile = (name: string): ValidateFunction => {
  const url = new URL(`../../dist/schema/${name}.schema.json`, import.meta.url);
  return ajv.compile(closed(JSON.parse(readFileSync(url, 'utf8'))) as object);
};

const schemas = { result: compile('result'), event: compile('event') };

/** Lines that are none of the published schema's, with what is wrong with each. */
export const strayLines = (kind: keyof typeof schemas, lines: readonly string[]): readonly string[] =>
  lines.flatMap(line => {
    const value = parsed(line);
    return value !== undefined && schemas[kind](value) ? [] : [`${line}\n${complaint(schemas[kind], value)}`];
  });

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

const complaint = ({ errors }: ValidateFunction, value: unknown): string =>
  value === undefined ? 'is not JSON' : ajv.errorsText(errors).slice(0, 300);

/** What a run of the command should not have written; other programs may write what they like. */
export const strayOutput = (
  args: readonly string[],
  { stdout, stderr }: { readonly stdout: readonly string[]; readonly stderr: readonly string[] },
): readonly string[] => {
  if (!args.some(arg => arg.endsWith('bin/oai-upload.js'))) return [];
  // Mistakes of usage are plain text, also where events were asked for.
  const events = isOfEvents(args) ? stderr.filter(line => line.startsWith('{')) : [];
  return [...strayLines('result', args.includes('--json') ? stdout : []), ...strayLines('event', events)];
};

const isOfEvents = (args: readonly string[]): boolean =>
  args.includes('--progress=json') || args[args.indexOf('--progress') + 1] === 'json';
