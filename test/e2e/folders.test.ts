import { mkdir, symlink } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { linesOf, type Sandbox, sandbox } from '../support/cli.ts';
import { testServer } from '../support/server.ts';

const ARGS = ['--purpose', 'assistants', '--dry-run', '--format', '{path}'] as const;

/** A folder with hidden files, drafts, links and what is no file. */
async function docs(): Promise<Sandbox> {
  const box = await sandbox();
  for (const path of [
    'docs/b/2.pdf',
    'docs/b/drafts/x.pdf',
    'docs/a.pdf',
    'docs/b/n.txt',
    'docs/.hidden.pdf',
    'c.pdf',
  ]) {
    await mkdir(box.path(path.replace(/\/?[^/]*$/, '')), { recursive: true });
    await box.write(path, path);
  }
  return box;
}

it('16.11: pushes the files of a folder, chosen by patterns, in one order', async () => {
  const [box, server] = await Promise.all([docs(), testServer()]);
  const args = ['push', 'docs/', '-r', '--include', '*.pdf', '--exclude', '**/drafts/**', '--purpose', 'assistants'];
  const planned = await box.run([...args, '--dry-run', '--format', '{path}'], {});
  expect(planned.exitCode, planned.stderr).toBe(0);
  expect(linesOf(planned.stdout)).toEqual(['docs/.hidden.pdf', 'docs/a.pdf', 'docs/b/2.pdf']);
  const pushed = await box.run([...args, '--format', '{path} {id} {bytes}'], { env: server.env });
  expect(pushed.exitCode, pushed.stderr).toBe(0);
  expect(linesOf(pushed.stdout).map(line => line.replace(/file-\w+/, 'id'))).toEqual([
    'docs/.hidden.pdf id 16',
    'docs/a.pdf id 10',
    'docs/b/2.pdf id 12',
  ]);
});

it('16.7: --dry-run ends with totals, also in --json, a file that is named twice counted once', async () => {
  const box = await docs();
  const args = ['push', 'docs/', '-r', '--include', '*.pdf', '--purpose', 'assistants', '--dry-run'];
  const folder = await box.run(args, {});
  expect(folder.stdout).toBe('');
  expect(linesOf(folder.stderr).at(-1)).toBe('would upload 4 files: 57 B (57 bytes) in 4 parts');
  const json = await box.run([...args, 'c.pdf', './c.pdf', 'absent', '--json'], {});
  expect(json.exitCode).toBe(3);
  expect(json.results()).toHaveLength(7);
  const totals = { files: 5, failed: 1, bytes: 62, parts: 5 };
  expect(json.results().flatMap(({ totals }) => totals ?? [])).toEqual([totals]);
  expect(json.results().at(-1)).toMatchObject({ path: 'absent', status: 'failed', totals });
  expect(linesOf(json.stderr).at(-1)).toBe(
    'would upload 5 of 6 files: 62 B (62 bytes) in 5 parts, 1 cannot be uploaded',
  );
  const one = await box.run(['push', 'c.pdf', '--purpose', 'assistants', '--dry-run', '--json'], {});
  expect(one.results()[0]).not.toHaveProperty('totals');
  expect(one.stderr).not.toContain('1 file');
});

it('16.11: takes everything without patterns, and files that are named whatever the patterns say', async () => {
  const box = await docs();
  const all = await box.run(['push', 'c.pdf', 'docs', '-r', ...ARGS, '--exclude', '*.pdf'], {});
  expect(linesOf(all.stdout)).toEqual(['c.pdf', 'docs/b/n.txt']);
  const every = await box.run(['push', './docs', '-r', ...ARGS], {});
  expect(linesOf(every.stdout)).toEqual([
    './docs/.hidden.pdf',
    './docs/a.pdf',
    './docs/b/2.pdf',
    './docs/b/drafts/x.pdf',
    './docs/b/n.txt',
  ]);
});

it('16.11: follows links only where it is told to, and never in a circle', async () => {
  const box = await docs();
  await symlink('..', box.path('docs/b/up'));
  await symlink('../c.pdf', box.path('docs/link.pdf'));
  const plain = await box.run(['push', 'docs', '-r', ...ARGS, '--include', '*.pdf', '--exclude', 'drafts'], {});
  expect(linesOf(plain.stdout)).toEqual(['docs/.hidden.pdf', 'docs/a.pdf', 'docs/b/2.pdf']);
  expect(plain.stderr).toContain('note: 2 symbolic links not followed: --follow-symlinks takes what they lead to\n');
  const followed = await box.run(
    ['push', 'docs', '-r', ...ARGS, '--include', '*.pdf', '--exclude', 'drafts', '--follow-symlinks'],
    {},
  );
  expect(linesOf(followed.stdout)).toEqual(['docs/.hidden.pdf', 'docs/a.pdf', 'docs/b/2.pdf', 'docs/link.pdf']);
});

it('16.11: without -r a folder is refused and -r is named; patterns without -r are a mistake', async () => {
  const box = await docs();
  const refused = await box.run(['push', 'docs', ...ARGS], {});
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toBe('oai-upload: docs is a directory\nhint: add -r to push the files in it\n');
  const mistaken = await box.run(['push', 'docs', ...ARGS, '--include', '*.pdf'], {});
  expect(mistaken.exitCode).toBe(2);
  expect(mistaken.stderr).toContain('oai-upload: --include chooses files in folders: -r is missing\n');
});

it('16.11: an empty folder is an empty list', async () => {
  const box = await sandbox();
  await mkdir(box.path('empty'));
  const { exitCode, stdout, stderr } = await box.run(['push', 'empty', '-r', '--purpose', 'batch'], {});
  expect([exitCode, stdout, stderr]).toEqual([0, '', 'no files to upload: the list is empty\n']);
});

it('16.15: shards share a folder without a file twice or missing', async () => {
  const box = await docs();
  const seen = await Promise.all(
    [1, 2, 3].map(async index => {
      const run = await box.run(['push', 'docs', '-r', ...ARGS, '--shard', `${index}/3`], {});
      expect(run.exitCode, run.stderr).toBe(0);
      expect(run.stderr).toMatch(new RegExp(`^shard ${index} of 3: \\d of 5 files\n`));
      return linesOf(run.stdout);
    }),
  );
  expect(seen.flat().sort()).toEqual(
    ['docs/.hidden.pdf', 'docs/a.pdf', 'docs/b/2.pdf', 'docs/b/drafts/x.pdf', 'docs/b/n.txt'].sort(),
  );
  const auto = { JOB_COMPLETION_INDEX: '1' };
  const told = await box.run(['push', 'docs', '-r', ...ARGS, '--shard', 'auto/3'], { env: auto });
  expect(linesOf(told.stdout)).toEqual(seen[1]);
  const untold = await box.run(['push', 'docs', '-r', ...ARGS, '--shard', 'auto'], { env: auto });
  expect(untold.exitCode).toBe(2);
  expect(untold.stderr).toBe(
    'oai-upload: --shard auto: Kubernetes indexed Job does not tell how many tasks there are\nhint: give it: --shard auto/8\n',
  );
  const piped = await box.run(['push', '-', '--filename', 'f', '--purpose', 'assistants', '--shard', '1/3'], {});
  expect([piped.exitCode, piped.stderr.split('\n')[0]]).toEqual([
    2,
    'oai-upload: --shard shares a list of files: stdin is none',
  ]);
  const bySize = await box.run(['push', 'docs', '-r', ...ARGS, '--shard', '1/5', '--shard-by', 'size'], {});
  expect(linesOf(bySize.stdout)).toEqual(['docs/b/drafts/x.pdf']);
});

it('16.12: a table has a row for each file, failed ones too; a field that is none is refused', async () => {
  const [box, server] = await Promise.all([sandbox(), testServer()]);
  await box.write('a, "b".pdf', 'x');
  await box.write('tab\tnewline\n.pdf', 'xy');
  const files = ['a, "b".pdf', 'tab\tnewline\n.pdf', 'missing.pdf', '--purpose', 'assistants'];
  const csv = await box.run(['push', ...files, '--format', 'csv'], { env: server.env });
  expect(csv.exitCode).toBe(3);
  const [head, ...rows] = linesOf(csv.stdout);
  expect(head).toMatch(/^status,path,file_id,upload_id,filename,purpose,bytes,md5,parts\.total,/);
  expect(rows.map(row => row.replace(/file-\w+/, 'id').split(',upload')[0])).toEqual([
    'completed,"a, ""b"".pdf",id',
    'completed,tab\\tnewline\\n.pdf,id',
    expect.stringMatching(/^failed,missing\.pdf,,,missing\.pdf,assistants,.*SOURCE,not-found,/),
  ]);
  const tsv = await box.run(['push', ...files, '--format', 'tsv'], { env: server.env });
  for (const row of linesOf(tsv.stdout)) expect(row.split('\t')).toHaveLength(head?.split(',').length ?? 0);
  const json = await box.run(['push', ...files, '--format', 'json'], { env: server.env });
  expect(linesOf(json.stdout).map(line => JSON.parse(line).status)).toEqual(['completed', 'completed', 'failed']);
  const line = await box.run(['push', ...files.slice(0, 1), ...files.slice(3), '--format', '{bytes}\\t{parts.total}'], {
    env: server.env,
  });
  expect(line.stdout).toBe('1\t1\n');
  const wrong = await box.run(['push', ...files, '--format', '{name}'], {});
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toMatch(
    /^oai-upload: --format: a result has no field \{name\}\nhint: fields are id, status, path, /,
  );
});
