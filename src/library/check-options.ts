import { usageError } from '../core/errors/errors.ts';
import { EXPIRES_AFTER_SECONDS, MAX_CONCURRENCY, MAX_PART_BYTES } from '../core/model/limits.ts';
import type { PushOptions } from './options.ts';

/** Refuses what is no path and no options, for those who call without types. No sentence holds a value: it may be a secret. */
export const checkCall = (path: unknown, options: unknown): void => {
  if (!text.holds(path)) throw usageError(`the path takes ${text.expects}`);
  const given = isObject(options) ? options : {};
  if (!('purpose' in given) || given.purpose === undefined) {
    throw usageError('the option purpose is missing', "for example push(path, { purpose: 'batch' })");
  }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) checkOption(name, value);
};

function checkOption(name: string, value: unknown): void {
  const rule = Object.hasOwn(rules, name) ? rules[name as keyof PushOptions] : undefined;
  if (!rule) throw usageError(`there is no option ${name}`, `options are ${Object.keys(rules).join(', ')}`);
  if (!rule.holds(value)) throw usageError(`the option ${name} takes ${rule.expects}`);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

type Rule = { readonly expects: string; holds(value: unknown): boolean };

const text: Rule = { expects: 'a text that is not empty', holds: value => typeof value === 'string' && value !== '' };

const yesOrNo: Rule = { expects: 'true or false', holds: value => typeof value === 'boolean' };

const whole = (min: number, max: number): Rule => ({
  expects: `a whole number from ${min} to ${max}`,
  holds: value => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
});

const or = (word: string, { expects, holds }: Rule): Rule => ({
  expects: `${word}, or ${expects}`,
  holds: value => value === word || holds(value),
});

/** Not what iterates: the entries of a Headers or a Map are no properties, and would silently not be sent. */
const texts: Rule = {
  expects: 'an object of texts',
  holds: value =>
    isObject(value) && !(Symbol.iterator in value) && Object.values(value).every(each => typeof each === 'string'),
};

/** No timer runs longer. */
const milliseconds = whole(0, 7 * 86_400_000);

const rules: Readonly<Record<keyof PushOptions, Rule>> = {
  purpose: text,
  filename: text,
  mimeType: text,
  expiresAfterSeconds: whole(EXPIRES_AFTER_SECONDS.min, EXPIRES_AFTER_SECONDS.max),
  partSize: whole(1, MAX_PART_BYTES),
  concurrency: or('auto', whole(1, MAX_CONCURRENCY)),
  md5: yesOrNo,
  check: { expects: "true, false or 'warn'", holds: value => typeof value === 'boolean' || value === 'warn' },
  strict: yesOrNo,
  restart: yesOrNo,
  skipUploaded: yesOrNo,
  retries: whole(0, 1000),
  limitRate: whole(1, Number.MAX_SAFE_INTEGER),
  connectTimeoutMs: milliseconds,
  stallTimeoutMs: milliseconds,
  lockWaitMs: milliseconds,
  apiKey: text,
  baseUrl: text,
  azureEndpoint: text,
  azureApiVersion: text,
  azureAdToken: text,
  organization: text,
  project: text,
  headers: texts,
  proxy: text,
  caFile: text,
  clientCertFile: text,
  clientKeyFile: text,
  stateDir: text,
  // Not by its class: that of another realm serves as well.
  signal: { expects: 'an AbortSignal', holds: value => isObject(value) && 'aborted' in value },
  onEvent: { expects: 'a function', holds: value => typeof value === 'function' },
};
