import { keyOf, type OptionSpec } from '../options/option.ts';
import { configKeys } from './keys.ts';

/** The JSON Schema of the config file, for editors. */
export const configSchema = (): object => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'oai-upload config file',
  type: 'object',
  properties: {
    $schema: { type: 'string', description: 'where this schema is' },
    profile: { type: 'string', description: 'profile that is used where --profile names none' },
    profiles: {
      type: 'object',
      description: 'sets of the same keys, that lie over those of the top level',
      additionalProperties: { type: 'object', properties: settings(), additionalProperties: false },
    },
    ...settings(),
  },
  additionalProperties: false,
});

const settings = (): object =>
  Object.fromEntries([...configKeys.values()].map(option => [keyOf(option), entryOf(option)]));

const entryOf = ({ json, description, default: byDefault, offers }: OptionSpec): object => ({
  ...json,
  description: `${description}${byDefault === undefined ? '' : ` (default: ${byDefault})`}`,
  // Words that may be meant, where others do as well.
  ...(typeof offers === 'object' && !json.enum && { examples: offers }),
});
