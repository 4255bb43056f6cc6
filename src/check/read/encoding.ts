import type { RuleName } from '../findings/catalog.ts';

/** Why the bytes of a file cannot be JSON lines in UTF-8. */
export type Unreadable = { readonly rule: RuleName; readonly message: string; readonly hint: string };

type Signature = { readonly format: string; readonly bytes: readonly number[]; readonly command: string };

/** The first bytes of each format: its "magic number". */
const COMPRESSED: readonly Signature[] = [
  { format: 'gzip', bytes: [0x1f, 0x8b], command: 'gunzip -c data.jsonl.gz > data.jsonl' },
  { format: 'zip', bytes: [0x50, 0x4b, 0x03, 0x04], command: 'unzip -p data.zip > data.jsonl' },
  { format: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd], command: 'zstd -dc data.jsonl.zst > data.jsonl' },
  { format: 'bzip2', bytes: [0x42, 0x5a, 0x68], command: 'bunzip2 -c data.jsonl.bz2 > data.jsonl' },
  { format: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], command: 'xz -dc data.jsonl.xz > data.jsonl' },
];

/** What the beginning of a file tells; undefined where it may be UTF-8. */
export function unreadable(start: Uint8Array): Unreadable | undefined {
  const found = COMPRESSED.find(({ bytes }) => bytes.every((byte, index) => start[index] === byte));
  if (found)
    return {
      rule: 'compressed',
      message: `the file is ${found.format}: it must be plain text`,
      hint: `decompress it first: ${found.command}`,
    };
  return isUtf16(start)
    ? {
        rule: 'utf-16',
        message: 'the file is UTF-16: it must be UTF-8',
        hint: 'save it as UTF-8, or: iconv -f UTF-16 -t UTF-8 in.jsonl > out.jsonl',
      }
    : undefined;
}

/** With the mark that Windows programs write, or an ASCII character of two bytes. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) ||
  (first === 0xfe && second === 0xff) ||
  (first === 0x7b && second === 0) ||
  (first === 0 && second === 0x7b);
