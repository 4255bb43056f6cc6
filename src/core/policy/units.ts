const K = 1024;
const multipliers: Record<string, number> = {
  '': 1,
  b: 1,
  k: K,
  m: K ** 2,
  g: K ** 3,
  kib: K,
  mib: K ** 2,
  gib: K ** 3,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
};

/** Whole bytes of `8MiB`, `64MB`, `1.5GB`, `4096`: K, M, G and KiB, MiB, GiB are 1024s, KB, MB, GB are 1000s. */
export const parseSize = (text: string): number | undefined => {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const multiplier = multipliers[unit?.toLowerCase() ?? ''];
  if (number === undefined || multiplier === undefined) return undefined;
  const bytes = Math.round(Number(number) * multiplier);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
};

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `30s`, `5m`, `2h`, `7d`; the unit is never guessed. */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/i.exec(text) ?? [];
  const multiplier = units[unit?.toLowerCase() ?? ''];
  if (number === undefined || multiplier === undefined) return undefined;
  const ms = Math.round(Number(number) * multiplier);
  return Number.isSafeInteger(ms) ? ms : undefined;
};

/** A switch in the environment: `1 true yes` on, `0 false no` or empty off, anything else unknown. */
export const parseSwitch = (text: string): boolean | undefined => {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 'yes'].includes(word)) return true;
  return ['', '0', 'false', 'no'].includes(word) ? false : undefined;
};

/** `50000` → `50,000`. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
