import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalog } from '../../src/check/findings/catalog.ts';
import type { RuleInfo } from '../../src/check/findings/level.ts';

const page = readFileSync(new URL('../../docs/check.md', import.meta.url), 'utf8');

const levelText = (level: RuleInfo['level']): string =>
  typeof level === 'string'
    ? level
    : Object.entries(level)
        .filter(([service, value], _, all) => service === 'openai' || value !== all[0]?.[1])
        .map(([service, value]) => (service === 'openai' ? value : `${service}: ${value}`))
        .join('; ');

it.each(Object.entries(catalog))('lists every rule of %s as it is', (files, rules) => {
  const rows = Object.entries(rules as Readonly<Record<string, RuleInfo>>).map(
    ([name, { level, about }]) => `| \`${name}\` | ${levelText(level)} | ${about} |`,
  );
  const table = [`### ${files}`, '', '| rule | level | what a file must be |', '|---|---|---|', ...rows, ''].join('\n');
  expect(page).toContain(table);
});
