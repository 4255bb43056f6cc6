import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sandbox } from '../support/cli.ts';
import { installed, ROOT } from '../support/packed.ts';

/** Replaces a function of node:fs/promises, so that the command meets an error that it does not know. */
const withBug = (bug: string): readonly string[] => {
  const preload = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const { open } = fs;
    fs.open = (path, ...others) => { if (/(^|\\/)f$/.test(String(path))) { ${bug} } return open(path, ...others); };
    syncBuiltinESMExports();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
};
const PUSH = ['push', 'f', '--purpose', 'assistants', '--local'];
const REPORT = 'this is a bug in oai-upload: please report it with the lines above';

it('13.12: names lines of the source in the stack of a bug, from the tarball', async () => {
  const box = await sandbox();
  await box.write('f', 'bytes');
  const bin = join(await installed(box), 'node_modules/oai-upload/bin/oai-upload.js');
  const { exitCode, stdout, stderr } = await box.run(PUSH, {
    bin,
    nodeArgs: withBug(`throw new TypeError('forced')`),
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/TypeError: forced\n/);
  expect(stderr).toMatch(/ at .*\(src\/io\/source\/file-source\.ts:\d+:\d+\)\n/);
  expect(stderr).toContain(REPORT);
  expect(stderr).not.toMatch(/dist\/.*\.js/);
  expect(stderr).not.toContain(ROOT);
});

it('13.12: prints an error that nothing caught as a bug too', async () => {
  const box = await sandbox();
  await box.write('f', 'bytes');
  const later = `setImmediate(() => { throw new TypeError('forced later') }); return new Promise(() => {});`;
  const { exitCode, stdout, stderr } = await box.run(PUSH, { nodeArgs: withBug(later) });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/oai-upload: forced later\n {2}TypeError: forced later\n/);
  expect(stderr).toContain(REPORT);
});
