import { relative, resolve } from 'node:path';
import type { ArgumentSpec, CommandSpec } from '../command-spec.ts';
import { commands } from '../command-table.ts';
import { longFlag, type Offer } from '../options/option.ts';
import { type Line, tableOf } from './words.ts';

/** A word that may stand at the cursor, and what it is. */
export type Candidate = readonly [word: string, about: string];

/** What a shell offers: these, and what it finds on its own. Saved ones may be paths, to be quoted as such. */
export type Answer = {
  readonly candidates: readonly Candidate[];
  readonly also: 'nothing' | 'files' | 'folders' | 'saved';
};

export type SavedName = { readonly id: string; readonly path: string; readonly about: string };

/** What only this machine knows. */
export type Lookups = {
  readonly cwd: string;
  saved(): Promise<readonly SavedName[]>;
  profiles(): Promise<readonly string[]>;
};

const nothing: Answer = { candidates: [], also: 'nothing' };

/** How a command line may go on at the cursor, where `current` has been typed. */
export async function answerFor(line: Line, current: string, lookups: Lookups): Promise<Answer> {
  const { candidates, also } = await offered(line, current, lookups);
  return { candidates: candidates.filter(([word]) => word.startsWith(current) && isOneLine(word)), also };
}

/** A shell reads candidates line by line. */
const isOneLine = (word: string): boolean => !/[\n\r\t]/.test(word);

function offered(line: Line, current: string, lookups: Lookups): Promise<Answer> | Answer {
  if (line.awaits) return valuesOf(line.awaits.offers, '', lookups);
  if (line.takesFlags && current.startsWith('-')) return flagsOrValues(line, current, lookups);
  if (line.command === undefined) return { ...nothing, candidates: [...commandNames, HELP] };
  if (line.command === 'help') return line.args.length === 0 ? { ...nothing, candidates: commandNames } : nothing;
  return argumentsOf(line, commands[line.command], current, lookups);
}

const HELP: Candidate = ['help', 'explain a command'];

const commandNames: readonly Candidate[] = Object.entries(commands).map(([name, { description }]) => [
  name,
  description,
]);

function flagsOrValues(line: Line, current: string, lookups: Lookups): Promise<Answer> | Answer {
  const flag = /^(--[^=]+)=/.exec(current)?.[1];
  const option = Object.values(tableOf(line)).find(one => longFlag(one) === flag);
  return option ? valuesOf(option.offers, `${flag}=`, lookups) : { ...nothing, candidates: flagsOf(line) };
}

const flagsOf = (line: Line): readonly Candidate[] => [
  ...Object.values(tableOf(line))
    .filter(option => option.repeatable || !line.given.has(longFlag(option)))
    .map((option): Candidate => [longFlag(option), option.description]),
  ...(line.command === undefined ? [['--version', 'print the version'] as const] : []),
  ['--help', 'print this help'],
];

async function valuesOf(offers: Offer | undefined, prefix: string, lookups: Lookups): Promise<Answer> {
  if (offers === 'files' || offers === 'folders') return { candidates: [], also: offers };
  const words = offers === 'profiles' ? await lookups.profiles() : (offers ?? []);
  return { ...nothing, candidates: words.map(word => [prefix + word, '']) };
}

/** What may follow; where no argument may, the flags. */
async function argumentsOf(line: Line, spec: CommandSpec, current: string, lookups: Lookups): Promise<Answer> {
  const argument = argumentAt(spec.arguments ?? [], line.args.length);
  if (!argument) return { ...nothing, candidates: line.takesFlags ? flagsOf(line) : [] };
  if (argument.offers === 'files') return { candidates: [], also: 'files' };
  if (argument.offers === 'saved') return savedOf(line, current, lookups);
  return { ...nothing, candidates: (argument.offers ?? []).map(word => [word, '']) };
}

const argumentAt = (all: readonly ArgumentSpec[], index: number): ArgumentSpec | undefined =>
  all[index] ?? all.findLast(({ syntax }) => syntax.includes('...'));

/** Files and ids of saved uploads that are not named yet. */
async function savedOf({ args }: Line, current: string, { cwd, saved }: Lookups): Promise<Answer> {
  const named = new Set(args.flatMap(arg => [arg, resolve(cwd, arg)]));
  const left = (await saved()).filter(({ id, path }) => !named.has(id) && !named.has(path));
  const candidates = [
    ...left.map(({ path, id }): Candidate => [spelled(path, current, cwd), id]),
    ...left.map(({ id, about }): Candidate => [id, about]),
  ];
  return { candidates, also: 'saved' };
}

/** A path in the spelling that was begun: from the root, from `./`, or short. */
function spelled(path: string, current: string, cwd: string): string {
  const short = relative(cwd, path);
  if (current.startsWith('/') || short.startsWith('..')) return path;
  return current.startsWith('./') ? `./${short}` : short;
}
