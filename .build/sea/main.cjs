// The program of the single-file executable: what bin/ and dist/main.cjs are elsewhere.
const interrupts = require('../../bin/interrupts.js');
const { run } = require('../../src/main.ts');

run(process, interrupts);
