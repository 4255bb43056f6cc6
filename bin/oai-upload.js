#!/usr/bin/env node
// First of all, so that no signal comes too early.
var interrupts = require('./interrupts.js');
// Written for any Node, so that one too old gets a sentence and not a stack.
var node = process.versions.node.split('.').map(Number);
var tooOld = node[0] < 20 || (node[0] === 20 && node[1] < 15) || node[0] === 21 || (node[0] === 22 && node[1] < 2);
if (tooOld) {
  console.error(
    `oai-upload needs Node 20.15 or newer (22.2 or newer on the 22 line); this is Node ${process.versions.node}.`,
  );
  process.exitCode = 2;
} else {
  if (require('node:module').enableCompileCache) require('./compile-cache.js');
  require('../dist/main.cjs').run(process, interrupts);
}
