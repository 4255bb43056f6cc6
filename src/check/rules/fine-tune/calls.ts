import { quoted } from '../../findings/quoted.ts';
import { isAbsent, isObject, type JsonObject } from '../../json/object.ts';
import type { Rule } from '../rule.ts';

const argumentsOf = (call: unknown): unknown => (isObject(call) ? call['arguments'] : undefined);

const isName = (name: unknown): boolean => typeof name === 'string' && name !== '';

/** Rules about one called function: `{"name", "arguments"}`. */
export const callRules: readonly Rule<unknown>[] = [
  {
    rule: 'tool-call',
    fails: call => !isObject(call) || !isName(call['name']),
    says: (call, name) =>
      isObject(call)
        ? `${name}.name must be the name of a function, and is ${quoted(call['name'])}`
        : `${name} must be a function that is called, and is ${quoted(call)}`,
  },
  {
    rule: 'tool-arguments',
    fails: call => isObject(call) && !isJson(argumentsOf(call)),
    says: (call, name) => `${name}.arguments must be a string that holds JSON, and is ${quoted(argumentsOf(call))}`,
    hint: 'write the arguments as text: "{\\"city\\": \\"Oslo\\"}"',
  },
];

const isJson = (text: unknown): boolean => {
  if (typeof text !== 'string') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Rules about one entry of `tools`. */
export const toolRules: readonly Rule<unknown>[] = [
  {
    rule: 'tools',
    fails: tool => toolFault(tool) !== undefined,
    says: (tool, name) => `${name}${toolFault(tool)}`,
  },
];

/** Rules about one entry of the older `functions`. */
export const functionRules: readonly Rule<unknown>[] = [
  {
    rule: 'tools',
    fails: declared => functionFault(declared) !== undefined,
    says: (declared, name) => `${name}${functionFault(declared)}`,
  },
];

/** What is wrong, as it goes on after the name of the tool. */
function toolFault(tool: unknown): string | undefined {
  if (!isObject(tool)) return ` must be an object, and is ${quoted(tool)}`;
  if (tool['type'] !== 'function') return `.type must be "function", and is ${quoted(tool['type'])}`;
  const fault = functionFault(tool['function']);
  return fault && `.function${fault}`;
}

function functionFault(declared: unknown): string | undefined {
  if (!isObject(declared)) return ` must be an object, and is ${quoted(declared)}`;
  const { name, parameters } = declared;
  if (!isName(name)) return `.name must be a string that is not empty, and is ${quoted(name)}`;
  return isAbsent(parameters) || isObject(parameters)
    ? undefined
    : `.parameters must be an object, and is ${quoted(parameters)}`;
}

/** Every function that a line declares. */
export function declaredIn({ tools, functions }: JsonObject): ReadonlySet<unknown> {
  const names = new Set<unknown>();
  for (const tool of listOf(tools))
    if (isObject(tool) && isObject(tool['function'])) names.add(tool['function']['name']);
  for (const one of listOf(functions)) if (isObject(one)) names.add(one['name']);
  return names;
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
