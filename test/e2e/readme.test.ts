import { once } from 'node:events';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BIN, type CliResult, type Sandbox, sandbox, startProcess } from '../support/cli.ts';
import { type Block, blocksOf } from '../support/markdown.ts';
import { testServer } from '../support/server.ts';

/**
 * Every shell block of the README and of the pages in docs/ is run as it stands, in a home of its own with the files below, against the embedded
 * server: `sh -e`, `bash -e` and the like by its language, the `$ ` lines of a `console`, the scripts of a CI's YAML,
 * the commands of a crontab. A block that cannot be run here has `<!-- not run here: why -->` on the line above it; one
 * that ends with something else than 0 has `<!-- exit: 3 -->`.
 */
const ROOT = join(import.meta.dirname, '../..');
const README = await readFile(join(ROOT, 'README.md'), 'utf8');
const DOCS = (await readdir(join(ROOT, 'docs'))).filter(page => page.endsWith('.md')).map(page => `docs/${page}`);
const PAGES = await Promise.all(
  ['README.md', ...DOCS].map(async page => ({ page, text: await readFile(join(ROOT, page), 'utf8') })),
);
const BLOCKS = PAGES.flatMap(({ page, text }) => blocksOf(text).map(block => ({ ...block, page })));
type PageBlock = Block & { readonly page: string };

/** What the blocks may name. */
const FILES: Readonly<Record<string, string>> = {
  'data.jsonl': `${JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/responses', body: { model: 'm', input: 'Why?' } })}\n`,
  'train.jsonl': Array.from({ length: 10 }, (_, index) => chat(`question ${index}`)).join(''),
  'list.txt': 'data.jsonl\ntrain.jsonl\n',
  '.openai-key': 'sk-from-a-file-0123456789\n',
};

function chat(question: string): string {
  const messages = [
    { role: 'user', content: question },
    { role: 'assistant', content: 'answer' },
  ];
  return `${JSON.stringify({ messages })}\n`;
}

/** Programs that are not here, or take too long, as far as the blocks use them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'oai-upload': 'exec "$NODE" "$BIN" "$@"',
  npx: 'while case "$1" in -*) ;; *) false ;; esac; do shift; done; exec "$@"',
  npm: 'case "$1" in i | install) ;; *) exit 1 ;; esac',
  // `docker run … node:22 command` is the command.
  docker: 'until case "$1" in node:*) ;; *) false ;; esac; do shift; done; shift; exec "$@"',
  pg_dump: 'echo "create table t ();"',
  sleep: '',
};

/** Shells by the word behind the fence. */
const SHELLS: Readonly<Record<string, string>> = { sh: 'sh', console: 'sh', bash: 'bash', yaml: 'bash', crontab: 'sh' };
/** Blocks that nobody would run. */
const NO_SCRIPTS = ['', 'json', 'text', 'js', 'ts', 'mjs', 'typescript', 'javascript', 'diff'];

const scripts = BLOCKS.filter(({ language }) => !NO_SCRIPTS.includes(language));
const isOfCi = ({ directive = '' }: Block): boolean => /^(try|test)$/.test(directive);
const isLeftOut = ({ directive = '' }: Block): boolean => /^not run here: .+/.test(directive);
const name = ({ page, heading, line, language, text }: PageBlock): string =>
  `${page}: ${heading}, line ${line} (${language}): ${text.trim().split('\n')[0]}`;

describe('the README', () => {
  it('has the two commands that CI runs', () => {
    for (const word of ['try', 'test']) expect(BLOCKS.filter(({ directive }) => directive === word)).toHaveLength(1);
  });

  it('is short, and shows how it looks', () => {
    expect(README.split('\n').length).toBeLessThanOrEqual(180);
    expect(README).toContain('](.github/media/session.svg)');
  });

  it.each(PAGES)('$page leads to what is there', async ({ page, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, path]) => path ?? '');
    for (const link of links.filter(path => !/^(https?:|#)/.test(path))) {
      const [path = '', heading] = link.split('#');
      const there = join(ROOT, page, '..', path);
      await access(there);
      if (heading) expect(headingsOf(await readFile(there, 'utf8')), link).toContain(heading);
    }
  });

  it('has no block that is neither run nor said why not', () => {
    const unknown = scripts.filter(block => !(block.language in SHELLS) && !isLeftOut(block) && !isOfCi(block));
    expect(unknown.map(name)).toEqual([]);
  });

  it.each(
    scripts.filter(block => block.language in SHELLS && !isOfCi(block) && !isLeftOut(block)).map(b => [name(b), b]),
  )('%s', async (_name, block) => {
    const { run } = await scene();
    const expected = Number(/^exit: (\d+)$/.exec(block.directive ?? '')?.[1] ?? 0);
    const script = scriptOf(block);
    expect(script.trim()).not.toBe('');
    const { exitCode, stdout, stderr } = await run(script, SHELLS[block.language]);
    expect(exitCode, `${script}\n${stdout}\n${stderr}`).toBe(expected);
  });

  it('has a workflow whose next step knows the File', async () => {
    const workflow = scripts.find(({ text }) => text.includes('--github-output'));
    const { box, server, run } = await scene();
    await run(scriptOf(workflow as Block), 'bash');
    const [file] = await server.files();
    expect(await readFile(box.path('github-output'), 'utf8')).toContain(`file_id=${file?.['id']}\n`);
  });

  it('has a loop that goes on after 5, and ends with any other code', async () => {
    const loop = scripts.find(({ text }) => /^until oai-upload push/m.test(text));
    const busy = await scene({ do: 'status', status: 503, attempt: [1, 2] });
    expect((await busy.run(loop?.text ?? '')).exitCode).toBe(0);
    expect(await busy.server.files()).toHaveLength(1);
    const refused = await scene({ do: 'status', status: 401 });
    expect((await refused.run(loop?.text ?? '')).exitCode).toBe(4);
  });
});

/** The anchors of a page, as GitHub makes them. */
const headingsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** What of a block is run. */
function scriptOf({ language, text }: Block): string {
  if (language === 'console')
    return text
      .split('\n')
      .filter(line => line.startsWith('$ '))
      .map(line => line.slice(2))
      .join('\n');
  if (language === 'yaml') return stepsOf(parse(text)).join('\n');
  // Five fields, then the command.
  if (language === 'crontab') return text.replace(/^(?!#)(\S+\s+){5}/gm, '');
  return text;
}

/** The scripts of a workflow, wherever they are in it: GitHub's `run`, GitLab's `script`. */
function stepsOf(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    /^(run|script|before_script|after_script)$/.test(key) ? [value].flat().map(String) : stepsOf(value),
  );
}

type Run = (script: string, shell?: string) => Promise<CliResult>;

async function scene(create?: { readonly do: 'status'; readonly status: number; readonly attempt?: number[] }) {
  const box = await sandbox();
  const server = await testServer(create ? { faults: [{ endpoint: 'create', ...create }] } : { key: 'sk-any' });
  for (const [file, text] of Object.entries(FILES)) await box.write(file, text);
  await box.write('.openai-key', server.env.OPENAI_API_KEY);
  const port = await freePort();
  const env = {
    ...box.env,
    ...server.env,
    ...(create && { OAI_UPLOAD_RETRIES: '0' }),
    ...(await programs(box)),
    GITHUB_OUTPUT: box.path('github-output'),
    GITHUB_STEP_SUMMARY: box.path('github-summary'),
    CI_PROJECT_DIR: box.work,
  };
  const run: Run = (script, shell = 'sh') => {
    const here = script.replaceAll('sk-…', server.env.OPENAI_API_KEY).replaceAll('8080', String(port));
    // What a block leaves running ends with it.
    return startProcess(shell, ['-e', '-c', `trap 'kill $! 2>&- || :' EXIT\n${here}`], { cwd: box.work, env }).ended;
  };
  return { box, server, run };
}

async function programs({ dir, env }: Sandbox): Promise<Readonly<Record<string, string>>> {
  const bin = join(dir, 'bin');
  await mkdir(bin);
  for (const [program, script] of Object.entries(PROGRAMS))
    await writeFile(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${bin}:${env['PATH']}`, NODE: process.execPath, BIN };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
