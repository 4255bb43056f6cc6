import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import { completed, completing, created, creating, MiB, moving, planned, retrying, sent, started } from '../events.ts';
import { shown } from '../shown.ts';

describe('the screen', () => {
  test('is shared with warnings, failures and results without tearing', async () => {
    const { show, reporter, stream, screen } = await shown({ files: 2 }, { columns: 80 });
    show('data.jsonl', moving);
    show('data.jsonl', [retrying(2), { type: 'warning', reason: 'slow', message: 'too slow' }]);
    reporter.aside(() => stream.write('file-0\n'));
    reporter.failed('b.jsonl', new UploadError('SOURCE', 'it is empty', { reason: 'empty' }));
    expect(screen().lines).toEqual([
      '  data.jsonl: part 2: attempt 2 in 1.2 s: part: the server answered 503:',
      '    overloaded (req_1)',
      '  data.jsonl: warning: too slow',
      'file-0',
      'oai-upload: b.jsonl: it is empty',
      expect.stringMatching(/^░+ data\.jsonl {5}0%/),
      expect.stringMatching(/^░+ 1 of 2 files {3}0%/),
      '  1 in flight · 1 retry',
    ]);
  });

  test('a bar for each file in flight and one for all, with room left in the window', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `${index}.jsonl`);
    const { show, screen } = await shown({ files: paths.length }, { columns: 80 });
    for (const path of paths.slice(0, 30)) show(path, moving);
    expect(screen().lines.length).toBeLessThan(24);
    expect(screen().lines.at(-2)).toMatch(/^░+ 0 of 100 files /);
  });

  test('a narrower window is cleared of the wrapped rows', async () => {
    const { show, stream, writes } = await shown({}, { columns: 100 });
    show('data.jsonl', moving);
    stream.columns = 50;
    show('data.jsonl', [sent(1, 4 * MiB)]);
    expect(writes.at(-1)?.text).toMatch(/^\r.\[2A.\[J/);
  });

  test('without Unicode and colour it is ASCII', async () => {
    const { show, reporter, text } = await shown({ unicode: false }, { columns: 80 });
    show('data.jsonl', [planned, creating]);
    show('data.jsonl', [created, started(1), sent(1, 4 * MiB), retrying(2)]);
    show('data.jsonl', [completing, completed]);
    reporter.close();
    expect(stripVTControlCharacters(text())).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(text()).not.toMatch(/\[\d+m/);
    expect(text()).toContain('data.jsonl -> file-abc');
  });

  test.each([{ dumb: true }, { mode: 'plain' as const }, { quiet: true }])('%o: no bar', async options => {
    const { show, text } = await shown(options, { columns: 80 });
    show('data.jsonl', moving);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(text()).not.toMatch(/[\r\u001b]/);
  });
});
