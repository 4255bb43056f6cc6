// Starts the entry as the build compiled it for this very Node: to parse it anew is a third of what a start costs. What
// was compiled by another Node has another name; what V8 does not take it compiles itself.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const entry = path.join(__dirname, '../dist/main.cjs');
const compiledFile = `${entry}.${process.version}-${process.arch}.cache`;

const compile = cachedData =>
  new vm.Script(`(function (exports, require, module) {${fs.readFileSync(entry, 'utf8')}\n})`, {
    filename: entry,
    cachedData,
  });

const runCompiled = script => {
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded);
  return loaded.exports;
};

const compiledAhead = () => {
  try {
    return fs.readFileSync(compiledFile);
  } catch {
    return undefined;
  }
};

const load = () => {
  const cachedData = compiledAhead();
  return cachedData ? runCompiled(compile(cachedData)) : require(entry);
};

// What a command needs, once one is known: a compiled script cannot import by itself.
const loadAct = () => import('../dist/act.js');

const start = () => load().run(process, loadAct);

module.exports = { start, compile, runCompiled, compiledFile };
