/** How many bytes the base64 of a data URL stands for; 0 of anything else. Reads only both ends of a long text. */
export function decodedBytes(url: unknown): number {
  if (typeof url !== 'string') return 0;
  const start = /^data:[^,]{0,100};base64,/i.exec(url)?.[0].length;
  if (start === undefined) return 0;
  const padding = url.endsWith('==') ? 2 : url.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor(((url.length - start) * 3) / 4) - padding);
}
