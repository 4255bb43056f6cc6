import pLimit from 'p-limit';
import { cancelOptions } from '../cli/options/options.ts';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { networkOptions } from '../cli/options/transfer-options.ts';
import type { World } from '../cli/process-context.ts';
import { usageError } from '../core/errors/errors.ts';
import type { FirstFailure } from '../core/outcome/first-failure.ts';
import type { SavedUpload } from '../core/ports.ts';
import type { CancelledLine } from '../core/schema/results/saved.ts';
import { type Engine, openEngine } from '../engine/engine.ts';
import { engineSettings } from '../engine/settings.ts';
import { createFailures } from '../report/text/failure.ts';
import { fileLine, jsonLine, printable } from '../report/text/text.ts';
import { type Cancelled, cancelSaved } from '../transfer/cancel/cancel-saved.ts';
import type { FileRun } from '../transfer/run.ts';
import { eachDestination } from './context/each-destination.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './context/globals.ts';
import { openRequestSink } from './context/request-log.ts';
import { chosenSaved, missingSaved } from './context/saved.ts';
import { sweepSpool } from './context/sources.ts';
import type { Target } from './context/target.ts';

/** Requests at once: they carry no bytes. */
const AT_ONCE = 16;

/** `cancel`: cancels at the server, then forgets. The ids that the server cancelled are the result. */
export const cancel = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  const told = tellerOf(globals, world);
  return eachDestination(
    await namedOrMissing(args, raw, world),
    {
      run: (saved, target) => cancelAll(saved, openRun(target, raw, globals, world), told, world),
      refuse: async (saved, error) => firstOf(saved.map(one => told(one, { kind: 'failed', error }))),
    },
    globals,
    world,
  );
};

async function namedOrMissing(args: readonly string[], raw: RawOptions, world: World): Promise<readonly SavedUpload[]> {
  const { missing, all } = resolveOptions(cancelOptions, raw, world.env);
  if (!missing) return chosenSaved(args, raw, 'cancel', world);
  if (args.length > 0 || all) throw usageError('--missing names the uploads: nothing else goes with it');
  return missingSaved(world, globalsOf(raw, world));
}

const openRun = (target: Target, raw: RawOptions, globals: GlobalValues, world: World): CancelRun => {
  const stateDir = stateDirOf(globals, world);
  const notice = (text: string): void => say(printable(text), globals, world);
  if (target.warning) notice(target.warning);
  const log = openRequestSink(globals, { notice });
  const settings = engineSettings(resolveOptions(networkOptions, raw, world.env));
  const engine = openEngine({ ...settings, access: target, notice, log, stateDir, version: world.version });
  return { ...engine, slots: engine.slots.forFile(), emit: () => {}, stateDir };
};

type CancelRun = FileRun & Pick<Engine, 'close'> & { readonly stateDir: string };

/** Tells what became of one saved upload; the exit code of that. */
type Teller = (saved: SavedUpload, cancelled: Cancelled) => number;

async function cancelAll(
  group: readonly SavedUpload[],
  run: CancelRun,
  told: Teller,
  { signal }: World,
): Promise<FirstFailure | undefined> {
  try {
    const atOnce = pLimit(AT_ONCE);
    const codes = await Promise.all(
      group.map(saved => atOnce(async () => told(saved, await cancelSaved(saved, run, signal)))),
    );
    await sweepSpool(run.stateDir, run).catch(() => {}); // `clean` tells of what it cannot remove
    return firstOf(codes);
  } finally {
    run.close();
  }
}

const firstOf = (codes: readonly number[]): FirstFailure | undefined => {
  const index = codes.findIndex(code => code !== 0);
  return index < 0 ? undefined : { index, exitCode: codes[index] as number };
};

const say = (text: string, { quiet }: GlobalValues, { stderr }: World): void =>
  void (quiet || stderr.write(`${text}\n`));

const tellerOf = (globals: GlobalValues, world: World): Teller => {
  // What ends several of them alike is told once.
  const failures = createFailures('all');
  return ({ manifest: { uploadId, path } }, cancelled) => {
    const error = cancelled.kind === 'failed' ? cancelled.error : undefined;
    if (globals.json) {
      const message = error?.message ?? (cancelled.kind === 'gone' ? cancelled.answer : null);
      const line: CancelledLine = { upload_id: uploadId, path, status: cancelled.kind, message };
      world.stdout.write(jsonLine(line));
    } else if (cancelled.kind === 'cancelled') world.stdout.write(`${uploadId}\n`);
    if (error)
      world.stderr.write(
        failures(error, path)
          .map(line => `${line}\n`)
          .join(''),
      );
    else
      say(
        fileLine(
          path,
          cancelled.kind === 'gone' ? `the server had nothing to cancel (${printable(cancelled.answer)})` : 'cancelled',
        ),
        globals,
        world,
      );
    return error?.exitCode ?? 0;
  };
};
