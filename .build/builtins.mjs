// Node's own modules, required instead of imported. An `import` of one reads all that it exports, also what Node loads when it
// is first used: `node:http` then loads undici for WebSocket, `node:crypto` all of Web Crypto.
import { isBuiltin } from 'node:module';
import { init, parse } from 'es-module-lexer';

await init;

/** The text of a module with `const { a: b } = require('node:x');` for `import { a as b } from 'node:x';` */
export function requiringBuiltins(text) {
  let [done, end] = ['', 0];
  for (const found of parse(text)[0]) {
    if (found.type !== 'static' || found.typeOnly || !isBuiltin(found.specifier)) continue;
    const statement = text.slice(found.importStart, found.importEnd);
    done += text.slice(end, found.importStart) + required(statement, found.specifier);
    end = found.importEnd;
  }
  return done + text.slice(end);
}

const CLAUSE = /^import\s+(?:(?<all>\*\s*as\s+[\w$]+)|(?<own>[\w$]+)?\s*,?\s*(?:\{(?<names>[^}]*)\})?)\s*from\b/;

/** A module that only exports on, or imports for the effect alone, stays as it is. */
function required(statement, specifier) {
  const { all, own, names } = CLAUSE.exec(statement)?.groups ?? {};
  const module = `require(${JSON.stringify(specifier)})`;
  const parts = [];
  if (all) parts.push(`${all.replace(/^\*\s*as\s+/, '')} = ${module}`);
  if (own) parts.push(`${own} = ${module}`);
  if (names !== undefined) parts.push(`{ ${valuesOf(names)} } = ${module}`);
  // As many lines as before, so that the lines of a stack stay true.
  return parts.length === 0 ? statement : `const ${parts.join(', ')};${statement.replace(/[^\n]/g, '')}`;
}

const valuesOf = names =>
  names
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '' && !name.startsWith('type '))
    .map(name => name.replace(/^default\s+as\s+/, 'default: ').replace(/\s+as\s+/, ': '))
    .join(', ');
