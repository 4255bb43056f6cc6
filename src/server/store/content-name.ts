const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^file\.json$/i;

/** A File's own name where every file system takes it, so that the folder can be looked at; else `content`. */
export function contentNameFor(filename: string): string {
  const name = filename.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+|[. ]+$/g, '');
  return name === '' || Buffer.byteLength(name) > 200 || RESERVED.test(name) ? 'content' : name;
}
