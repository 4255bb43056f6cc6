// Mutates saved inputs by a seeded generator and holds each target to its promises. Coverage-guided fuzzers for Node
// (jazzer.js) install a native addon that they download, which a machine with a package registry alone cannot have.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '../support/torture.ts';
import { type Target, targets } from './targets.ts';

/** No input keeps a target longer. */
const LONGEST_MS = 2000;
const CORPUS_LIMIT = 200;

type Random = ReturnType<typeof seeded>;

/** Fuzzes every target for its share of the time; how many inputs ran, and what failed. */
export function fuzz(
  seconds: number,
  seed: number,
  folder: string,
): { readonly executions: number; readonly findings: readonly string[] } {
  const findings: string[] = [];
  let executions = 0;
  for (const target of targets) {
    const ran = fuzzOne(target, (seconds * 1000) / targets.length, seeded(seed), folder, findings);
    console.log(`${target.name}: ${ran} executions`);
    executions += ran;
  }
  return { executions, findings };
}

function fuzzOne(target: Target, forMs: number, random: Random, folder: string, findings: string[]): number {
  const path = join(folder, `${target.name.replaceAll(' ', '-')}.json`);
  const corpus: Buffer[] = [...target.seeds, ...saved(path)].map(text => Buffer.from(text, 'latin1'));
  const untilMs = performance.now() + forMs;
  let executions = 0;
  for (const input of corpus) executions += Number(held(target, input, path, findings));
  while (performance.now() < untilMs) {
    const input = mutated(corpus, target.words, random);
    executions += 1;
    if (!held(target, input, path, findings)) break;
    // A few mutants live on, so that inputs drift away from the seeds.
    if (random.below(500) === 0 && input.length < 4096)
      corpus[random.below(Math.min(CORPUS_LIMIT, corpus.length + 1))] = input;
  }
  return executions;
}

/** Whether the promises held; an input that broke one is kept as a case. */
function held(target: Target, input: Buffer, path: string, findings: string[]): boolean {
  const startedAtMs = performance.now();
  try {
    target.run(input);
    if (performance.now() - startedAtMs > LONGEST_MS)
      throw new Error(`took ${Math.round(performance.now() - startedAtMs)} ms`);
    return true;
  } catch (error) {
    findings.push(
      `${target.name}: ${error instanceof Error ? error.message : String(error)}: ${JSON.stringify(input.toString('latin1').slice(0, 300))}`,
    );
    writeFileSync(path, `${JSON.stringify([...saved(path), input.toString('latin1')], undefined, 2)}\n`);
    return false;
  }
}

const saved = (path: string): readonly string[] => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly string[];
  } catch {
    return [];
  }
};

function mutated(corpus: readonly Buffer[], words: readonly string[], random: Random): Buffer {
  let input: Buffer = corpus[random.below(corpus.length)] ?? Buffer.alloc(0);
  for (let turns = 1 + random.below(6); turns > 0; turns -= 1) input = changed(input, corpus, words, random);
  return input;
}

function changed(input: Buffer, corpus: readonly Buffer[], words: readonly string[], random: Random): Buffer {
  const at = random.below(input.length + 1);
  const end = Math.min(input.length, at + 1 + random.below(16));
  const [before, after] = [input.subarray(0, at), input.subarray(at)];
  const word = Buffer.from(words[random.below(words.length)] ?? '', 'utf8');
  const other = corpus[random.below(corpus.length)] ?? input;
  const changes: readonly (() => Buffer)[] = [
    () => Buffer.concat([before, word, after]),
    () => Buffer.concat([before, input.subarray(end)]),
    () => Buffer.concat([before, input.subarray(at, end), after]),
    () => Buffer.concat([before, Buffer.from([random.below(256)]), input.subarray(Math.min(input.length, at + 1))]),
    () => Buffer.concat([before, other.subarray(random.below(other.length + 1))]).subarray(0, 65_536),
    () => Buffer.concat([before, Buffer.from(String(random.below(2 ** 31))), after]),
    () => Buffer.concat([before, Buffer.from(word.toString().repeat(1 + random.below(50))), after]).subarray(0, 65_536),
  ];
  return changes[random.below(changes.length)]?.() ?? input;
}
