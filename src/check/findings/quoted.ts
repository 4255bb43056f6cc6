const LONGEST = 60;

/** A value of the file within a sentence: as JSON, cut where it is long. */
export const quoted = (value: unknown): string => {
  if (value === undefined) return 'missing';
  // Only the start of a long text is shown, so only the start is turned into JSON.
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, LONGEST + 1)) : kindOf(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};
