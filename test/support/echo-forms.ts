/** The forms in which a server may echo a key. */
export const echoForms = (key: string): readonly { readonly form: string; readonly text: string }[] => [
  { form: 'as it is', text: key },
  { form: 'percent-encoded', text: [...Buffer.from(key)].map(byte => `%${byte.toString(16).toUpperCase()}`).join('') },
  { form: 'in hex', text: Buffer.from(key).toString('hex') },
  { form: 'in base64', text: Buffer.from(key).toString('base64').replace(/=+$/, '') },
  { form: 'in base64 with its scheme', text: Buffer.from(`Bearer ${key}`).toString('base64').replace(/=+$/, '') },
];
