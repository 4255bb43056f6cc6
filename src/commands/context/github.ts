import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { World } from '../../cli/process-context.ts';
import { type UploadError, usageError } from '../../core/errors/errors.ts';
import type { PushResult } from '../../core/outcome/result.ts';
import { withoutSecrets } from '../../core/policy/secrets.ts';
import { githubAnnotation, githubOutputs, githubSummary } from '../../report/output/github.ts';

/** Tells GitHub Actions what came of a run. */
export type Github = {
  failed(path: string, error: UploadError): void;
  /** Keeps a result for the summary. */
  result(index: number, result: PushResult): void;
  finish(): Promise<void>;
};

export const notOnGithub: Github = { failed: () => {}, result: () => {}, finish: async () => {} };

/** The files that GitHub names; whether they can be written to is known before anything is sent. */
export const openGithub = async (annotates: boolean, { env, annotate }: World): Promise<Github> => {
  const [output, summary] = await Promise.all(
    ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map(name => writable(name, env)),
  );
  const results: PushResult[] = [];
  return {
    failed: (path, error) => {
      if (annotates) annotate(githubAnnotation(path, error));
    },
    result: (index, result) => {
      results[index] = result;
    },
    finish: async () => {
      await output?.(githubOutputs(results, `end-${randomBytes(12).toString('hex')}`));
      await summary?.(githubSummary(results));
    },
  };
};

type Append = (text: string) => Promise<void>;

const writable = async (name: string, env: World['env']): Promise<Append> => {
  const path = env[name];
  if (!path) throw usageError(`--github-output needs ${name}, which is not set`, 'GitHub Actions sets it in each step');
  const append: Append = text =>
    appendFile(path, withoutSecrets(text)).catch(error => {
      throw usageError(`${name} cannot be written to: ${error.message}`);
    });
  await append('');
  return append;
};
