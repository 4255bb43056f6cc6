import { isUtf8 } from 'node:buffer';

// A file name is bytes, and need not be UTF-8. Inside this program a path is a text in which a byte that is not UTF-8
// stands as a half of a character: 0x80 to 0xff as U+DC80 to U+DCFF, which no UTF-8 gives. Python's os.fsdecode does the
// same (PEP 383). So paths are compared, saved and joined like any text, and only what opens files turns them back.

/** The text of a path as the system gives it. */
export const textOfPath = (bytes: Buffer): string => {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at);
    text += length > 0 ? bytes.toString('utf8', at, at + length) : String.fromCharCode(0xdc00 + (bytes[at] ?? 0));
    at += Math.max(1, length);
  }
  return text;
};

/** The length of the character that begins here; 0 where none does. */
const characterAt = (bytes: Buffer, at: number): number => {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length += 1)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
};

/** What `node:fs` finds the file by. The names of Windows are not bytes. */
export const systemPath = (path: string): string | Buffer =>
  process.platform === 'win32' || path.isWellFormed() ? path : bytesOfPath(path);

const bytesOfPath = (path: string): Buffer => Buffer.concat(path.split(/(\p{Cs})/u).map(bytesOfPiece));

const bytesOfPiece = (piece: string): Buffer => {
  const code = piece.length === 1 ? piece.charCodeAt(0) : 0;
  return code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(piece);
};

/** A name that every server can read: `_` for what is not UTF-8. */
export const sentName = (name: string): string =>
  name.isWellFormed() ? name : Buffer.from(systemPath(name)).toString('utf8').replaceAll('\ufffd', '_');
