// Builds all that is published beside the sources. The same commit always gives the same bytes.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { bundle, fromRoot } from './.build/bundle.mjs';
import { documents } from './.build/documents.mjs';
import { licencesOf } from './.build/licences.mjs';
import { packagesOf } from './.build/packages.mjs';
import { sbomOf } from './.build/sbom.mjs';
import { writeTypes } from './.build/types.mjs';

const json = value => `${JSON.stringify(value, undefined, 2)}\n`;
const write = (path, text) => writeFileSync(fromRoot(path), text);
const copy = (from, to, filter = () => true) => cpSync(fromRoot(from), fromRoot(to), { recursive: true, filter });

rmSync(fromRoot('dist'), { recursive: true, force: true });
mkdirSync(fromRoot('man'), { recursive: true });

const packages = packagesOf(await bundle());
write('THIRD-PARTY-LICENSES.txt', licencesOf(packages));
write('dist/sbom.cdx.json', json(sbomOf(packages)));

// The scripts that teach shells to ask the command.
copy('src/cli/completion', 'dist/completion', path => !path.endsWith('.ts'));

const { manual, schemas, types } = await documents();
await writeTypes(types);
write('man/oai-upload.1', manual);
mkdirSync(fromRoot('dist/schema'));
for (const [name, schema] of Object.entries(schemas)) write(`dist/schema/${name}.schema.json`, json(schema));
