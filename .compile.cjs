// Compiles the programs ahead of their first start, with all that --help and a push go through.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const v8 = require('node:v8');
const { compile, compiledFileOf, runCompiled } = require('./bin/load.js');

const [main, act] = ['main', 'act'].map(name => ({ name, script: compile(name) }));
const run = (...args) => {
  process.argv.splice(2, process.argv.length, ...args);
  return runCompiled(main.name, main.script).run(
    process,
    async () => runCompiled(act.name, act.script),
    () => {},
  );
};

// V8 takes only what was compiled under the flags that it started with.
v8.setFlagsFromString = () => {};

const compileAhead = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oai-upload-build-'));
  const file = join(folder, 'f');
  writeFileSync(file, 'a line\n');
  // Whoever builds has nothing to say in it.
  process.env = { HOME: folder, USERPROFILE: folder };
  await run('--help');
  await run('push', file, '--purpose', 'batch', '--local', '--state-dir', folder, '--quiet');
  rmSync(folder, { recursive: true });
  for (const { name, script } of [main, act]) writeFileSync(compiledFileOf(name), script.createCachedData());
  process.exitCode = 0;
};

compileAhead();
