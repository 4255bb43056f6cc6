// Node's own modules, required instead of imported. An `import` of one reads all that it exports, also what Node loads
// only when it is used: `node:http` then loads undici for WebSocket, `node:crypto` all of Web Crypto. A module that
// hands on what `require` gives is read when something of it is used.
import { isBuiltin } from 'node:module';

/** For esbuild: an import of a module of Node leads to one that requires it. */
export const requiredBuiltins = {
  name: 'required-builtins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[a-z_:/0-9]+$/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
