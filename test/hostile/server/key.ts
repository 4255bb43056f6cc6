/** A key whose base64 has both of the letters that base64url writes otherwise. */
export const KEY = 'sk-hostile/Ab1+c2~d3?e4>f5_g6';

const bytes = Buffer.from(KEY);
const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** Forms in which a server may echo the key. */
export const echoes: readonly (readonly [form: string, text: string])[] = [
  ['as it is', KEY],
  ['in JSON escapes', [...bytes].map(byte => `\\u00${hex(byte)}`).join('')],
  ['in JSON escapes of other letters', [...bytes].map(byte => `\\u00${hex(byte).toUpperCase()}`).join('')],
  ['with slashes escaped', KEY.replaceAll('/', '\\/')],
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded throughout', [...bytes].map(byte => `%${hex(byte)}`).join('')],
  [
    'percent-encoded in part',
    [...bytes].map((byte, at) => (at % 3 ? String.fromCharCode(byte) : `%${hex(byte)}`)).join(''),
  ],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
  ['in hex', bytes.toString('hex')],
  ['in base64', bytes.toString('base64')],
  ['in base64 with slashes escaped', Buffer.from(`: ${KEY}`).toString('base64').replaceAll('/', '\\/')],
  ['in base64 behind a byte', Buffer.from(`:${KEY}`).toString('base64')],
  ['in base64url behind two bytes', Buffer.from(`k:${KEY}.`).toString('base64url')],
  ['in base64 with its scheme', Buffer.from(`Bearer ${KEY}`).toString('base64')],
];

/** Whether a text holds the key in any form: unfolded here in another way than the command folds it. */
export function holdsKey(text: string): boolean {
  const plain = unfolded(text);
  if (plain.includes(KEY) || plain.toLowerCase().includes(bytes.toString('hex'))) return true;
  const base64 = plain.replaceAll('-', '+').replaceAll('_', '/');
  return cores.some(core => base64.includes(core));
}

const unfolded = (text: string): string => {
  let plain = text;
  for (let level = 0; level < 3; level += 1)
    plain = plain
      .replace(/\\+u00([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return plain.replace(/\\+([/"\\])/g, '$1');
};

/** The letters of base64 that are the key's alone, in each of its three places. */
const cores = [0, 1, 2].map(before => {
  const text = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]).toString('base64');
  return text.slice(before + 1, before + 1 + Math.floor((bytes.length * 8) / 6) - 2);
});
