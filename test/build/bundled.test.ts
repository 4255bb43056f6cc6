import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, it } from 'vitest';
import { ROOT } from '../support/packed.ts';
import { metafile } from './metafile.ts';

const outputs = Object.values(metafile.outputs);

/** `name@version` of each package that has a byte in the bundle. */
const bundled = await idsOf(
  outputs.flatMap(({ inputs }) => Object.keys(inputs).filter(path => (inputs[path]?.bytesInOutput ?? 0) > 0)),
);

async function idsOf(paths: readonly string[]): Promise<readonly string[]> {
  const folders = new Set(paths.flatMap(path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ?? []));
  const ids = [...folders].map(async folder => {
    const { name, version } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'));
    return `${name}@${version}`;
  });
  return [...new Set(await Promise.all(ids))].sort();
}

const published = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

it("14.8: leaves nothing outside the bundle but Node's own modules", () => {
  const outside = outputs.flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
  expect(outside.filter(path => !isBuiltin(path))).toEqual([]);
});

it('14.8: has the licence of every bundled package, and of no other', async () => {
  const text = await published('THIRD-PARTY-LICENSES.txt');
  const named = [...text.matchAll(/^(\S+@\d\S*) \([\w .()-]+\)$/gm)].map(([, id]) => id ?? '');
  expect(named.sort()).toEqual(bundled);
  expect(bundled.length).toBeGreaterThan(40);
  const notices = text.split(/^-{80}$/m).filter((_part, index) => index > 0 && index % 2 === 0);
  for (const notice of notices) expect(notice).toMatch(/copyright/i);
});

it('14.8: names every bundled package, and no other, in a valid CycloneDX document', async () => {
  const text = await published('dist/sbom.cdx.json');
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  const { components } = JSON.parse(text) as { components: readonly { name: string; version: string }[] };
  expect(components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(bundled);
});

it('13.11: fails where HTTP/2, which is left out, would be used', async () => {
  const { default: http2 } = await import(/* @vite-ignore */ join(ROOT, '.build/left-out/http2.mjs'));
  expect(() => http2.auto({})).toThrow('HTTP/2 is not part of this bundle');
  expect(() => http2.globalAgent).toThrow('HTTP/2 is not part of this bundle');
});

it('14.6: fails where caching, which is left out, would be used', async () => {
  const { default: Caching } = await import(/* @vite-ignore */ join(ROOT, '.build/left-out/caching.mjs'));
  expect(() => new Caching()).toThrow('caching is not part of this bundle');
});
