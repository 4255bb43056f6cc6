import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/cli/config/config.ts';
import { configKeys } from '../../../src/cli/config/keys.ts';

const settings = (document: unknown, profile?: string) => {
  const file = { path: 'config.json', document, folder: '/etc/own', home: '/home/me' };
  return Object.fromEntries([...settingsOf(file, profile)].map(([name, { text }]) => [name, text]));
};

describe('values', () => {
  it.each([
    [{ concurrency: 4 }, { concurrency: '4' }],
    [{ concurrency: 'auto' }, { concurrency: 'auto' }],
    [{ 'part-size': '8MiB' }, { 'part-size': '8MiB' }],
    [{ 'part-size': 8388608 }, { 'part-size': '8388608' }],
    [
      { 'no-md5': true, json: false },
      { 'no-md5': 'true', json: 'false' },
    ],
    [{ verbose: 2 }, { verbose: '2' }],
    [{ verbose: true }, { verbose: 'true' }],
    [{ header: ['A: 1', 'B: 2'] }, { header: 'A: 1\nB: 2' }],
    [{ header: 'A: 1' }, { header: 'A: 1' }],
    [{ $schema: 'anything', profiles: {} }, {}],
  ])('%j', (document, expected) => {
    expect(settings(document)).toEqual(expected);
  });

  it('has paths begin at its own folder', () => {
    const paths = { 'ca-file': 'ca.pem', 'client-cert': '/abs/c.pem', 'state-dir': '~/state', 'files-from': '-' };
    expect(settings(paths)).toEqual({
      'ca-file': '/etc/own/ca.pem',
      'client-cert': '/abs/c.pem',
      'state-dir': '/home/me/state',
      'files-from': '-',
    });
  });
});

describe('profiles', () => {
  const document = {
    retries: 1,
    purpose: 'batch',
    'api-key-file': 'key',
    profiles: { work: { retries: 2, 'api-key-variable': 'WORK_KEY' }, home: { purpose: 'evals' } },
  };

  it('lie over the top level', () => {
    expect(settings(document, 'home')).toEqual({ retries: '1', purpose: 'evals', 'api-key-file': '/etc/own/key' });
    expect(settings(document, 'work')).toEqual({ retries: '2', purpose: 'batch', 'api-key-variable': 'WORK_KEY' });
    expect(settings(document)).toMatchObject({ retries: '1' });
  });

  it('have one by default where the file says so', () => {
    expect(settings({ ...document, profile: 'work' })).toMatchObject({ retries: '2' });
    expect(settings({ ...document, profile: 'work' }, 'home')).toMatchObject({ retries: '1', purpose: 'evals' });
  });

  it.each(['wok', 'constructor', '__proto__', ''])('does not know "%s"', name => {
    expect(() => settings(document, name)).toThrow(`config.json has no profile "${name}"`);
  });
});

describe('refuses', () => {
  it.each([
    [[], 'config.json takes an object like {"concurrency": 4}, not array'],
    ['text', 'not string'],
    [{ profiles: [] }, 'config.json: profiles takes an object'],
    [{ profiles: { work: 4 } }, 'config.json: profiles.work takes an object'],
    [{ 'part-sise': 1 }, 'config.json: part-sise is no setting'],
    [{ profiles: { work: { retry: 1 } } }, 'config.json: profiles.work.retry is no setting'],
    [{ profiles: { work: { profile: 'home' } } }, 'config.json: profiles.work.profile goes at the top level only'],
    [{ profile: 4 }, 'config.json: profile takes the name of a profile, not integer'],
    [{ json: 'yes' }, 'config.json: json takes true or false, not string'],
    [{ quiet: null }, 'config.json: quiet takes true or false, not null'],
    [{ retries: true }, 'config.json: retries takes a whole number from 0 to 1000, not boolean'],
    [{ retries: 1.5 }, 'config.json: retries takes a whole number from 0 to 1000, not number'],
    [{ retries: 1001 }, 'config.json: retries takes a whole number from 0 to 1000, not "1001"'],
    [{ 'stall-timeout': 60 }, 'config.json: stall-timeout takes a duration like 30s, 5m, 2h, 7d, not integer'],
    [{ header: [1] }, 'config.json: header takes a text or a list of texts, not array'],
    [{ header: ['Authorization: x'] }, 'config.json: header: --header may not set authorization'],
    [{ progress: 'plian' }, 'config.json: progress takes one of auto, bar, plain, json, none, not "plian"'],
    [{ purpose: '' }, 'config.json: purpose takes a value, not ""'],
    [{ 'api-key-file': 'a', 'api-key-variable': 'B' }, 'name two keys'],
    [{ 'api-key-command': 'a', 'api-key-variable': 'B' }, 'name two keys'],
  ])('%j', (document, message) => {
    expect(() => settings(document)).toThrow(message);
  });

  it('suggests what was likely meant', () => {
    const hintOf = (document: unknown, profile?: string): unknown => {
      try {
        return settings(document, profile);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
    };
    expect(hintOf({ 'part-sise': 1 })).toBe('did you mean part-size?');
    expect(hintOf({ profils: {} })).toBe('did you mean profiles?');
    expect(hintOf({ progress: 'plian' })).toBe('did you mean plain?');
    expect(hintOf({ profiles: { work: {} } }, 'wrok')).toBe('did you mean work?');
    expect(hintOf({ profiles: { work: {} } }, 'elsewhere')).toBe('it has work');
  });
});

describe('a key in it', () => {
  const KEY = 'sk-proj-0123456789abcdef';

  it.each([
    { 'api-key': 'anything' },
    { apiKey: 'anything' },
    { OPENAI_API_KEY: 'anything' },
    { token: 'anything' },
    { profiles: { other: { api_key: 'anything' } } },
    { 'api-key-file': KEY },
    { 'api-key-variable': KEY },
    { header: [`X-Key: ${KEY}`] },
    { profiles: { other: { organization: `Bearer ${KEY}` } } },
    { [KEY]: true },
    { profiles: { [KEY]: {} } },
  ])('is refused: %j', document => {
    expect(() => settings(document)).toThrow('holds an API key, and a config file must not');
    expect(() => settings(document)).not.toThrow(/anything|0123456789/);
  });

  it('is told by its place only, also where it looks like none', () => {
    expect(() => settings({ 'api-key-variable': '0f00-secret' })).toThrow('api-key-variable');
    expect(() => settings({ 'api-key-variable': '0f00-secret' })).not.toThrow('0f00');
  });

  it('is not taken for the name of its file', () => {
    expect(settings({ 'api-key-file': '/keys/sk-project-of-mine' })).toEqual({
      'api-key-file': '/keys/sk-project-of-mine',
    });
  });
});

it('takes any JSON, or refuses it as a mistake of usage', () => {
  const names = fc.constantFrom(...configKeys.keys(), 'profiles', 'profile', '$schema', 'other');
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue())), document => {
      try {
        settings(document, undefined);
      } catch (error) {
        expect(error).toMatchObject({ code: 'USAGE' });
      }
    }),
  );
});
