import type { CaseResult, Figure, Goal } from './types.ts';

const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

export const isReached = ({ value, limit, atLeast = false }: Goal): boolean =>
  atLeast ? value >= limit : value <= limit;

const goalRow = (goal: Goal): string =>
  `| ${goal.says} | ${digits(goal.value)} | ${goal.atLeast ? '≥' : '≤'} ${digits(goal.limit)} | ${isReached(goal) ? 'yes' : '**no**'} |`;

const figureRow = ({ name, unit, samples, median, command }: Figure): string =>
  `| ${name} | ${digits(median)} ${unit} | ${digits(Math.min(...samples))} – ${digits(Math.max(...samples))} | ${samples.length} | \`${command.replaceAll('|', '\\|').replaceAll('\n', ' ')}\` |`;

const section = ({ key, title, figures, goals, notes = [] }: CaseResult): readonly string[] => [
  `## (${key}) ${title}`,
  '',
  '| | median | range | samples | command |',
  '|---|---|---|---|---|',
  ...figures.map(figureRow),
  '',
  ...(goals.length > 0
    ? ['| goal | measured | limit | reached |', '|---|---|---|---|', ...goals.map(goalRow), '']
    : []),
  ...notes.map(note => `- ${note}`),
  ...(notes.length > 0 ? [''] : []),
];

export type Surroundings = Readonly<Record<string, string | number>>;

/** The results for people. Ratios are medians of the ratios of each round. */
export const markdownOf = (results: readonly CaseResult[], surroundings: Surroundings): string =>
  [
    '# Benchmark',
    '',
    'Made by `npm run bench`. Contenders of a case take turns in each round; a ratio is the median of the rounds’ ratios.',
    '',
    ...Object.entries(surroundings).map(([name, value]) => `- ${name}: ${value}`),
    '',
    ...results.flatMap(section),
  ].join('\n');
