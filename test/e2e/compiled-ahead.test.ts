import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox, startProcess } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';

// What V8 does not take it compiles anew, and nobody would notice but by the time.

it.each(['main', 'act'])('takes %s as the build compiled it', async name => {
  const box = await sandbox();
  const script = `
    const { compile, compiledFileOf } = require(${JSON.stringify(join(ROOT, 'bin/load.js'))});
    const script = compile('${name}', require('node:fs').readFileSync(compiledFileOf('${name}')));
    process.stdout.write(String(script.cachedDataRejected));
  `;
  const { stdout, stderr } = await startProcess(process.execPath, ['-e', script], { cwd: box.work, env: box.env })
    .ended;
  expect(stdout, stderr).toBe('false');
});
