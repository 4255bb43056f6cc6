import pLimit from 'p-limit';
import { type RawOptions, resolveOptions } from '../cli/options/resolve.ts';
import { networkOptions } from '../cli/options/transfer-options.ts';
import type { World } from '../cli/process-context.ts';
import type { SavedUpload } from '../core/ports.ts';
import { engineSettings, openEngine } from '../engine/engine.ts';
import { failureLines } from '../report/text/failure.ts';
import { jsonLine, printable } from '../report/text/text.ts';
import { type Cancelled, cancelSaved } from '../transfer/cancel/cancel-saved.ts';
import { type GlobalValues, globalsOf, stateDirOf } from './context/globals.ts';
import { openRequestSink } from './context/request-log.ts';
import { chosenSaved } from './context/saved.ts';
import { sweepSpool } from './context/sources.ts';
import { byDestination, savedTarget, type Target } from './context/target.ts';

/** Requests at once: they carry no bytes. */
const AT_ONCE = 16;

/** `cancel`: cancels at the server, then forgets. The ids that the server cancelled are the result. */
export const cancel = async (args: readonly string[], raw: RawOptions, world: World): Promise<number> => {
  const globals = globalsOf(raw, world);
  let exitCode = 0;
  for (const group of byDestination(await chosenSaved(args, raw, 'cancel', world))) {
    const target = await savedTarget(group.destination, globals, world);
    try {
      exitCode ||= await cancelGroup(group.saved, target, raw, globals, world);
    } finally {
      await target.close();
    }
  }
  return exitCode;
};

async function cancelGroup(
  group: readonly SavedUpload[],
  target: Target,
  raw: RawOptions,
  globals: GlobalValues,
  world: World,
): Promise<number> {
  const say = (text: string): void => void (globals.quiet || world.stderr.write(`${text}\n`));
  const notice = (text: string): void => say(printable(text));
  const run = openEngine({
    ...engineSettings(resolveOptions(networkOptions, raw, world.env)),
    access: target,
    notice,
    log: openRequestSink(globals, { notice }),
    stateDir: stateDirOf(globals, world),
    version: world.version,
  });
  const atOnce = pLimit(AT_ONCE);
  const codes = await Promise.all(
    group.map(saved =>
      atOnce(async () => {
        const cancelled = await cancelSaved(
          saved,
          { ...run, slots: run.slots.forFile(), emit: () => {} },
          world.signal,
        );
        return tell(saved, cancelled, globals, world, say);
      }),
    ),
  );
  await sweepSpool(stateDirOf(globals, world), run);
  return codes.find(code => code !== 0) ?? 0;
}

function tell(
  { manifest }: SavedUpload,
  cancelled: Cancelled,
  { json }: GlobalValues,
  world: World,
  say: (text: string) => void,
): number {
  const { uploadId, path } = manifest;
  const error = cancelled.kind === 'failed' ? cancelled.error : undefined;
  if (json) {
    const message = error?.message ?? (cancelled.kind === 'gone' ? cancelled.answer : null);
    world.stdout.write(jsonLine({ upload_id: uploadId, path, status: cancelled.kind, message }));
  } else if (cancelled.kind === 'cancelled') world.stdout.write(`${uploadId}\n`);
  if (error) world.stderr.write(`${failureLines(error, path).join('\n')}\n`);
  else
    say(
      `${printable(path)}: ${cancelled.kind === 'gone' ? `the server had nothing to cancel (${printable(cancelled.answer)})` : 'cancelled'}`,
    );
  return error?.exitCode ?? 0;
}
