// The packages of others whose code is in the bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { fromRoot } from './bundle.mjs';

const FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Folders of packages below node_modules of which the bundle holds at least one byte, from the bundler's metafile. */
export const foldersOf = ({ outputs }) => {
  const inputs = Object.values(outputs).flatMap(output => Object.entries(output.inputs));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(paths.flatMap(path => FOLDER.exec(path)?.[0] ?? []))].sort();
};

/** Those packages by name and version, each with its licence; throws where one has no text of a licence. */
export const packagesOf = metafile => {
  const byId = new Map(
    foldersOf(metafile)
      .map(read)
      .map(found => [idOf(found), found]),
  );
  return [...byId.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
};

export const idOf = ({ name, version }) => `${name}@${version}`;

function read(folder) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(fromRoot(`${folder}/package.json`), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} names no licence`);
  return { folder, name, version, license, homepage, text: licenceText(folder) };
}

function licenceText(folder) {
  const names = readdirSync(fromRoot(folder)).filter(name => /^(licen[cs]e|copying|notice)/i.test(name));
  if (names.length === 0) throw new Error(`${folder} has no text of its licence`);
  const texts = names.sort().map(name => readFileSync(fromRoot(`${folder}/${name}`), 'utf8'));
  return texts.map(text => text.replaceAll('\r\n', '\n').trim()).join('\n\n');
}
