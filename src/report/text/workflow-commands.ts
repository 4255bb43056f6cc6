// Some programs that run jobs read commands out of a log: GitHub Actions `::name` at the start of a line and `##[name]`
// anywhere (ActionCommand.cs of actions/runner), Azure Pipelines `##vso[`, TeamCity `##teamcity[`.

/** Whether such a program reads what is written. */
export const isReadForCommands = (env: Readonly<Record<string, string | undefined>>): boolean =>
  ['GITHUB_ACTIONS', 'TF_BUILD', 'TEAMCITY_VERSION'].some(name => (env[name] ?? '') !== '');

/** The text with no command in it, in the escapes of `printable`. What comes before `::` may be trimmed away. */
export const withoutCommands = (text: string): string =>
  text.replace(/^([^!-~\r\n]*)::/gm, '$1\\x3a\\x3a').replace(MARK, '#\\x23');

/** The same for a line of JSON, which stays equal when it is parsed. */
export const jsonWithoutCommands = (json: string): string => json.replace(MARK, '#\\u0023');

const MARK = /##(?=[a-z]*\[)/gi;
