// Compiles the entry ahead of its first start, with all that --help goes through.
const { writeFileSync } = require('node:fs');
const { compile, compiledFile, runCompiled } = require('./bin/load.js');

const script = compile();
process.argv.splice(2, process.argv.length, '--help');
runCompiled(script)
  .run(process)
  .then(() => writeFileSync(compiledFile, script.createCachedData()));
