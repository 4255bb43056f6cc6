/** Decodes UTF-8, a byte order mark included, or throws. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What stands in a text for bytes that are not UTF-8; a file may hold it as well. */
export const REPLACEMENT = '\ufffd';

export const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** The index of the first byte that is not part of UTF-8: the longest text that decodes ends there. */
export function firstBadByte(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isBeginning(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  // What more bytes could have made a character is not one.
  while (!isUtf8(bytes.subarray(0, good))) good -= 1;
  return good;
}

/** Whether more bytes could make it UTF-8. */
const isBeginning = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
};
