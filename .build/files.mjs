// Which modules share a file. Each file costs a start as much as 10 kB of code, and code that a command does not need
// costs the oldest Node time too. So each step of a start takes one file, which holds what no earlier step has loaded.

import { isStandIn } from './late.mjs';

const command = name => `src/commands/${name}.ts`;

/** The steps: what comes with any of these modules, or with every one of them. */
const steps = {
  start: { any: ['src/main.ts'] },
  program: { any: ['src/cli/program.ts'] },
  commands: { any: [command('run-command')] },
  saved: { any: [command('list'), command('show')] },
  files: { every: [command('check'), command('push')] },
  push: { any: [command('push')] },
  library: { any: ['src/index.ts'] },
  check: { any: [command('check'), 'src/check/create-check.ts'] },
  got: { any: ['node_modules/got/dist/source/index.js'] },
  server: { any: ['src/server/server.ts', command('serve')] },
  terminal: { any: ['src/report/terminal/terminal.ts'] },
};

/**
 * Names the file of a module, for rolldown: that of the first step which needs it. What the library or a thread needs
 * as well goes beside it, so that neither loads the command line. rolldown decides where no step needs a module.
 */
export const fileOf = (others, fromRoot) => {
  let names;
  return (id, modules) => {
    names ??= namesOf(modules, others.map(fromRoot), fromRoot);
    return names.get(id) ?? (isStandIn(id) ? 'start-shared' : null);
  };
};

function namesOf(modules, others, fromRoot) {
  const shared = new Set(others.flatMap(id => [...loadedWith(id, modules, everything)]));
  const names = new Map();
  for (const [step, roots] of Object.entries(steps))
    for (const id of modulesOf(roots, root => loadedWith(fromRoot(root), modules, statics)))
      if (!names.has(id)) names.set(id, shared.has(id) ? `${step}-shared` : step);
  return names;
}

function modulesOf({ any, every }, modulesWith) {
  if (any) return any.flatMap(root => [...modulesWith(root)]);
  const [first, ...others] = every.map(modulesWith);
  return [...first].filter(id => others.every(set => set.has(id)));
}

const statics = ({ importedIds }) => importedIds;
const everything = ({ importedIds, dynamicallyImportedIds }) => [...importedIds, ...dynamicallyImportedIds];

/** A module and all that comes with it. */
function loadedWith(id, modules, importsOf) {
  const found = new Set([id]);
  // A set that grows while it is walked is walked to its end.
  for (const one of found) for (const next of importsOf(modules.getModuleInfo(one) ?? NONE)) found.add(next);
  return found;
}

const NONE = { importedIds: [], dynamicallyImportedIds: [] };
