import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/packed.ts';
import { metafile } from './metafile.ts';

type Builtins = { requiringBuiltins(text: string): string };
const { requiringBuiltins } = (await import(/* @vite-ignore */ join(ROOT, '.build/builtins.mjs'))) as Builtins;

it.each([
  ["import { open } from 'node:fs';", 'const { open } = require("node:fs");'],
  ['import fs from "fs";', 'const fs = require("fs");'],
  ["import * as fs from 'node:fs';", 'const fs = require("node:fs");'],
  [
    "import tls, { connect as dial, type Socket } from 'node:tls';",
    'const tls = require("node:tls"), { connect: dial } = require("node:tls");',
  ],
  ["import { default as tls } from 'node:tls';", 'const { default: tls } = require("node:tls");'],
  ["import {\n  open,\n  read,\n} from 'node:fs';", 'const { open, read } = require("node:fs");'],
])('14.6: requires what is imported by %j', (before, after) => {
  const text = requiringBuiltins(before);
  expect(text.replace(/;\n*;$/, ';')).toBe(after);
  expect(text.split('\n')).toHaveLength(before.split('\n').length);
});

it.each([
  "import type { Server } from 'node:net';",
  "import { one } from './one.ts';",
  "export { open } from 'node:fs';",
  "const { open } = await import('node:fs');",
  "import 'node:fs';",
])('14.6: leaves %j as it is', text => {
  expect(requiringBuiltins(text)).toBe(text);
});

it("14.6: imports none of Node's own modules but to get `require`", () => {
  const imports = Object.values(metafile.outputs).flatMap(output => output.imports);
  const kinds = imports.filter(({ external }) => external).map(({ kind, path }) => `${kind} of ${path}`);
  expect(kinds.filter(kind => kind.startsWith('import-statement'))).toEqual([]);
  expect(kinds.length).toBeGreaterThan(50);
});
