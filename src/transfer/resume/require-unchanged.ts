import type { ChecksumKind } from '../../core/model/checksum.ts';
import { type Fingerprint, isSameFingerprint } from '../../core/model/manifest.ts';
import type { Part } from '../../core/model/part.ts';
import type { PassDigest, Source } from '../../core/ports.ts';
import { changedWhileSent } from '../parts/transfer-parts.ts';

const PASSES = 5;

/**
 * Throws if the file is not what was sent. Times that moved are only a hint: the bytes are read once more, until a
 * pass begins and ends with the same fingerprint.
 */
export const requireUnchanged = async (
  source: Source,
  sent: { readonly parts: readonly Part[]; readonly checksum: ChecksumKind; readonly digest: PassDigest },
  signal: AbortSignal,
): Promise<void> => {
  for (let before = source.fingerprint, pass = 0; ; pass += 1) {
    const now = await source.fingerprintNow();
    requireSameFile(now.descriptor, now.path);
    if (now.descriptor.size !== source.fingerprint.size) throw changedWhileSent('it has another size now');
    if (isSameFingerprint(now.descriptor, before)) return;
    if (pass === PASSES) throw changedWhileSent('it is being written to');
    before = now.descriptor;
    const again = await source.digest({ ...sent, md5: false }, signal);
    for (const [number, digest] of sent.digest.parts) {
      if (again.parts.get(number) !== digest) throw changedWhileSent(`the bytes of part ${number} changed`);
    }
  }
};

const requireSameFile = (descriptor: Fingerprint, path: Fingerprint | undefined): void => {
  if (!path) throw changedWhileSent('it was removed');
  if (path.ino !== descriptor.ino || path.dev !== descriptor.dev)
    throw changedWhileSent('it was replaced by another file');
};
