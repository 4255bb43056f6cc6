import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { linesOf } from '../support/cli.ts';
import { figures } from '../support/torture.ts';
import { type Fleet, fleet, ODD_NAMES, recipe, sorted } from './scene.ts';
import { canSchedule, type Slurm, slurm } from './slurm.ts';

const GONE = 'a b.txt';

it.skipIf(!canSchedule())(
  '16.18: a Slurm array pushes each file once, and again only the task that failed',
  async () => {
    const [here, cluster] = await Promise.all([fleet(ODD_NAMES), slurm(8)]);
    const { box, run, uploaded } = here;
    await rm(box.path(GONE));
    expect((await run(recipe('#SBATCH'))).exitCode).toBe(0);
    const codes = await arrayOf(here, cluster, 'sbatch upload.sbatch');
    expect(Object.keys(codes)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    const failed = Object.keys(codes).filter(task => codes[task] !== 0);
    expect(failed.map(task => codes[task])).toEqual([3]);
    expect(await uploaded()).toEqual(sorted(ODD_NAMES.filter(name => name !== GONE)));
    await box.write(GONE, 'here it is');
    expect(await arrayOf(here, cluster, `sbatch --array=${failed} upload.sbatch`)).toEqual({ [`${failed}`]: 0 });
    expect(await uploaded()).toEqual(sorted(ODD_NAMES));

    const auto =
      'exec oai-upload push --files-from list.txt --purpose user_data --dry-run --format "{path}" --shard auto';
    const odd = `sbatch --array=3-9:2 --output=auto-%a.out --error=/dev/null --wrap='${auto}'`;
    expect(Object.values(await arrayOf(here, cluster, odd))).toEqual([0, 0, 0, 0]);
    expect(sorted(linesOf((await run('cat auto-?.out')).stdout))).toEqual(sorted(ODD_NAMES));
    figures('Slurm: three arrays of 8, 1 and 4 tasks by the real program, each file uploaded once');
  },
);

/** Submits an array; the exit code of each task. */
async function arrayOf(
  { run }: Fleet,
  { env, ended }: Slurm,
  sbatch: string,
): Promise<Readonly<Record<string, number>>> {
  const { exitCode, stdout, stderr } = await run(sbatch, env);
  expect(exitCode, stderr).toBe(0);
  return ended(/^Submitted batch job (\d+)\n$/.exec(stdout)?.[1] ?? stdout);
}
