import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { isInstalled } from '../support/typing.ts';

/** Whether a Slurm of one node can be started: its daemons are installed, and start tasks as this user, who is root. */
export const canSchedule = (): boolean =>
  process.getuid?.() === 0 && ['munged', 'slurmctld', 'slurmd', 'sbatch'].every(isInstalled);

/** A cluster of one node. */
export type Slurm = {
  /** Where Slurm's programs find it. */
  readonly env: { readonly SLURM_CONF: string };
  /** Resolves with the exit code of each task of an array, by its index, once all have ended. */
  ended(job: string): Promise<Readonly<Record<string, number>>>;
};

/** A Slurm of this machine alone, with room for so many tasks at a time. Ended, and its folder gone, after the test. */
export async function slurm(tasks: number): Promise<Slurm> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'slurm-')));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 3 }));
  const env = { SLURM_CONF: join(dir, 'slurm.conf') };
  for (const folder of ['controller', 'node']) await mkdir(join(dir, folder));
  await writeFile(env.SLURM_CONF, confOf(dir, tasks, await freePort(), await freePort()));
  await writeFile(join(dir, 'munge.key'), randomBytes(128), { mode: 0o400 });
  await daemon('munged', [
    ...['--foreground', '--force', `--key-file=${dir}/munge.key`, `--socket=${dir}/munge.sock`],
    ...[`--pid-file=${dir}/munged.pid`, `--log-file=${dir}/munged.log`, `--seed-file=${dir}/munge.seed`],
  ]);
  await daemon('slurmctld', ['-D', '-f', env.SLURM_CONF], env);
  await daemon('slurmd', ['-D', '-f', env.SLURM_CONF, '-N', node()], env);
  await eventually('Slurm is idle', async () =>
    (await ask(env, 'sinfo --noheader --format=%t')).includes('idle'),
  ).catch(async () => {
    const logs = ['slurmctld', 'slurmd'].map(name => readFile(join(dir, `${name}.log`), 'utf8').catch(String));
    throw new Error(`Slurm did not become idle\n${(await Promise.all(logs)).join('\n')}`);
  });
  return { env, ended: job => eventually(`job ${job} ends`, async () => exitCodes(await tasksOf(env, job))) };
}

const tasksOf = async (env: Slurm['env'], job: string): Promise<readonly string[]> =>
  (await ask(env, `scontrol --oneliner show job ${job}`)).trim().split('\n');

function exitCodes(tasks: readonly string[]): Record<string, number> | undefined {
  if (tasks.some(task => !/JobState=(COMPLETED|FAILED) /.test(task))) return undefined;
  const codes = tasks.map(task => /ArrayTaskId=(\d+) .* ExitCode=(\d+):0 /.exec(task) ?? []);
  return Object.fromEntries(codes.map(([, index = '', code]) => [index, Number(code)]));
}

const node = (): string => hostname().split('.')[0] as string;

/** What a program of Slurm prints; nothing where the cluster does not answer yet. */
async function ask(env: Slurm['env'], command: string): Promise<string> {
  const [program = '', ...args] = command.split(' ');
  const run = promisify(execFile)(program, args, { env: { ...process.env, ...env } });
  return run.then(
    ({ stdout }) => stdout,
    () => '',
  );
}

/** In the foreground, so that it ends with the test. The one started last ends first. */
async function daemon(program: string, args: readonly string[], env = {}): Promise<void> {
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const ended = once(child, 'exit');
  await once(child, 'spawn');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : Number.NaN;
}

// `config_overrides`: as many tasks at a time as are said here, whatever the machine has.
const confOf = (dir: string, tasks: number, controllerPort: number, nodePort: number): string => `
ClusterName=test
SlurmctldHost=${node()}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmdPort=${nodePort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${dir}/munge.sock
StateSaveLocation=${dir}/controller
SlurmdSpoolDir=${dir}/node
SlurmctldPidFile=${dir}/slurmctld.pid
SlurmdPidFile=${dir}/slurmd.pid
SlurmctldLogFile=${dir}/slurmctld.log
SlurmdLogFile=${dir}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
MpiDefault=none
NodeName=${node()} NodeAddr=127.0.0.1 CPUs=${tasks} RealMemory=100 State=UNKNOWN
PartitionName=all Nodes=${node()} Default=YES MaxTime=INFINITE State=UP
`;
