export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nothing was said: exporters write null for a field that is not there. */
export const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;
