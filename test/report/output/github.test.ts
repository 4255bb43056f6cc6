import { describe, expect, test } from 'vitest';
import { UploadError } from '../../../src/core/errors/errors.ts';
import type { PushResult } from '../../../src/core/outcome/result.ts';
import { githubAnnotation, githubOutputs, githubSummary } from '../../../src/report/output/github.ts';

const result = (more: Partial<PushResult>): PushResult => ({
  status: 'completed',
  path: 'a.jsonl',
  file_id: 'file-1',
  upload_id: 'upload_1',
  filename: 'a.jsonl',
  purpose: 'batch',
  bytes: 1024,
  md5: 'abc',
  parts: { total: 1, sent: 1, resumed: 0, changed: 0 },
  bytes_sent: 1024,
  bytes_skipped: 0,
  bytes_resent: 0,
  retries: 0,
  duration_ms: 1,
  file: null,
  ...more,
});

describe('for GitHub Actions', () => {
  test('outputs are those of the first file, with all ids in order', () => {
    const results = [result({}), result({ status: 'failed', file_id: null }), result({ file_id: 'file-3' })];
    expect(githubOutputs(results, 'end')).toBe(
      'file_id=file-1\nupload_id=upload_1\nbytes=1024\nmd5=abc\nstatus=failed\nfile_ids=["file-1",null,"file-3"]\n',
    );
  });

  test('what is not known is empty', () => {
    const results = [result({ status: 'interrupted', file_id: null, upload_id: null, bytes: null, md5: null })];
    expect(githubOutputs(results, 'end')).toBe(
      'file_id=\nupload_id=\nbytes=\nmd5=\nstatus=interrupted\nfile_ids=[null]\n',
    );
    expect(githubOutputs([], 'end')).toContain('status=completed\nfile_ids=[]\n');
  });

  test('a value of several lines sets no other output', () => {
    expect(githubOutputs([result({ file_id: 'x\nstatus=fine' })], 'end')).toMatch(
      /^file_id<<end\nx\nstatus=fine\nend\nupload_id=/,
    );
  });

  test('a name cannot break out of its cell', () => {
    const lines = githubSummary([result({ path: 'a|b\n`c`<img>_d_' })]).split('\n');
    expect(lines[4]).toBe('| a\\|b\\\\n\\`c\\`&#60;img&#62;\\_d\\_ | completed | file-1 | 1 KiB | abc |');
    expect(lines).toHaveLength(6);
  });

  test('an annotation is one line, escaped as GitHub reads it', () => {
    const error = new UploadError('SOURCE', '100% wrong\r\nreally: yes, so', { reason: 'empty', hint: 'look' });
    expect(githubAnnotation('a:b,c%.jsonl', error)).toBe(
      '::error file=a%3Ab%2Cc%25.jsonl,title=oai-upload%3A SOURCE::100%25 wrong%0D%0Areally: yes, so%0Alook\n',
    );
  });
});
