// Starts the programs as the build compiled them for this very Node: to parse them anew is a third of what a start
// costs. What was compiled by another Node has another name; what V8 does not take it compiles itself.
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const fileOf = name => path.join(__dirname, `../dist/${name}.cjs`);
const compiledFileOf = name => `${fileOf(name)}.${process.version}-${process.arch}.cache`;

const compile = (name, cachedData) => {
  const filename = fileOf(name);
  const source = fs.readFileSync(filename, 'utf8');
  return new vm.Script(`(function (exports, require, module, __filename) {${source}\n})`, { filename, cachedData });
};

const runCompiled = (name, script) => {
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, require, loaded, fileOf(name));
  return loaded.exports;
};

const compiledAhead = name => {
  try {
    return fs.readFileSync(compiledFileOf(name));
  } catch {
    return undefined;
  }
};

const load = name => {
  const cachedData = compiledAhead(name);
  return cachedData ? runCompiled(name, compile(name, cachedData)) : require(fileOf(name));
};

// What a command needs is loaded once one is known.
const start = interrupts => load('main').run(process, async () => load('act'), interrupts);

module.exports = { start, compile, runCompiled, compiledFileOf };
