import { type Fingerprint, isSameFingerprint } from '../../core/model/manifest.ts';
import type { Source } from '../../core/ports.ts';
import type { ReadFile } from '../read/file-reader.ts';
import { openFileSource } from './file-source.ts';
import type { Taken } from './spool.ts';

/** A spool that still fills, as the file of `size` bytes that it will be: a read waits until its bytes are there. */
export const openArrivingSource = async (
  { path, arrival, whole }: Taken,
  size: number,
  readFile: ReadFile,
): Promise<Source> => {
  const file = await openFileSource(path, readFile, { bytes: size, arrival });
  // It has no times until it is whole: another run can tell that it never was.
  const declared: Fingerprint = { ...file.fingerprint, size, mtimeNs: '0', ctimeNs: '0' };
  let asWritten: Fingerprint | undefined;
  whole.then(
    fingerprint => {
      asWritten = fingerprint;
    },
    () => {},
  );
  const isOurs = (now: Fingerprint): boolean =>
    asWritten ? isSameFingerprint(now, asWritten) : now.dev === declared.dev && now.ino === declared.ino;
  const seen = (now: Fingerprint): Fingerprint => (isOurs(now) ? declared : now);
  return {
    ...file,
    fingerprint: declared,
    isAtRest: false,
    digest: (pass, signal) => file.digest(pass, AbortSignal.any([signal, arrival.failed])),
    arrived: arrival.reached,
    fingerprintNow: async () => {
      const { descriptor, path } = await file.fingerprintNow();
      return { descriptor: seen(descriptor), path: path && seen(path) };
    },
  };
};
