import { OFFICIAL, type RuleList } from './level.ts';

export const fileCatalog = {
  // The service's own message: "Must be .jsonl".
  filename: { level: 'error', about: 'the name ends in `.jsonl` (`batch`, `fine-tune`)' },
  // Uploads API: 8 GB. Batch API: 200 MB; the service has been seen to take up to 209,715,200 bytes.
  'too-large': { level: OFFICIAL, about: 'at most 8 GiB; `batch`: at most 209,715,200 bytes' },
  'near-size-limit': { level: 'warning', about: '`batch`: more than the documented 200 MB (200,000,000 bytes)' },
  compressed: { level: 'error', about: 'the file is gzip, zip, zstd, bzip2 or xz' },
  'utf-16': { level: 'error', about: 'the file is UTF-16' },
  'not-utf8': { level: 'error', about: 'every line is UTF-8' },
  // Azure's guide to fine-tuning asks for the mark; batch refuses it at both services.
  'byte-order-mark': {
    level: { openai: 'error', azure: 'error', other: 'warning' },
    about: 'no byte order mark (accepted for `fine-tune` on Azure)',
  },
  'blank-line': { level: 'error', about: 'no blank line before the last object' },
  'blank-lines-at-end': { level: 'warning', about: 'no blank lines at the end' },
  'no-lines': { level: 'error', about: 'there is at least one line that is not blank' },
  'line-too-long': { level: 'warning', about: 'lines of more than 64 MiB are not checked' },
  'json-array': { level: 'error', about: 'the file is one JSON array instead of lines' },
  'pretty-printed': { level: 'error', about: 'an object is spread over several lines' },
  // Python's json.dumps writes these three unless allow_nan=False.
  'not-a-number': { level: 'error', about: 'no `NaN`, `Infinity` or `-Infinity`: JSON has none' },
  // What Python's str() makes of a dict.
  'python-literal': { level: 'error', about: 'no `True`, `False` or `None`' },
  'single-quotes': { level: 'error', about: 'names and strings stand in double quotes' },
  'trailing-comma': { level: 'error', about: 'no comma before `}` or `]`' },
  comment: { level: 'error', about: 'no comments' },
  'invalid-json': { level: 'error', about: 'every line is valid JSON' },
  'not-an-object': { level: 'error', about: 'every line is a JSON object' },
  'lone-surrogate': { level: 'warning', about: 'no half of a surrogate pair, such as `\\ud800` without its partner' },
  'duplicate-key': {
    level: 'warning',
    about: '`messages`, `role`, `content`, `custom_id`, `url`, `body` and `model` occur once in an object',
  },
  'wrong-purpose': { level: 'error', about: 'the lines are not those of another purpose' },
  'result-file': { level: 'error', about: 'the file is not the output of a batch' },
  'unknown-purpose': { level: 'warning', about: 'the purpose is known; of another one only size and name are checked' },
} as const satisfies RuleList;

export const evalsCatalog = {
  item: { level: 'error', about: '`item` is an object' },
  'item-mismatch': { level: 'error', about: '`item` is on every line, or on none' },
  'missing-keys': { level: 'warning', about: 'all lines have the same keys' },
} as const satisfies RuleList;
