import { parseSwitch } from '../../core/policy/units.ts';
import { inGroup, type OptionSpec, switchOption } from './option.ts';

/** What `--check` says. */
export type CheckMode = 'on' | 'warn' | 'off';

const check: OptionSpec<CheckMode> = {
  flags: '--check [mode]',
  description: 'check the lines of a JSONL file while it is sent; --check=warn uploads and warns',
  default: 'on for batch, fine-tune and evals',
  expects: 'warn, or one of 1, true, yes, 0, false, no',
  bare: 'true',
  offers: ['warn'],
  json: { type: ['boolean', 'string'], enum: [true, false, 'warn'] },
  parse: text => {
    if (text === 'warn') return 'warn';
    const isOn = parseSwitch(text);
    if (isOn === undefined) return undefined;
    return isOn ? 'on' : 'off';
  },
};

/** Options of the check that a push makes. */
export const checkFlags = inGroup('Check options:', {
  check,
  noCheck: switchOption('--no-check', 'do not check the lines'),
  strict: switchOption('--strict', 'treat warnings of the check as errors'),
});
