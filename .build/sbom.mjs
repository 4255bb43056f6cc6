// dist/sbom.cdx.json: what is in the bundle, as a CycloneDX document. It holds neither a time nor a random number.
import { readFileSync } from 'node:fs';
import { fromRoot, own } from './bundle.mjs';
import { idOf } from './packages.mjs';

const lock = JSON.parse(readFileSync(fromRoot('package-lock.json'), 'utf8'));

/** The packages as components, with the digest of the tarball that each came in. */
export const sbomOf = packages => ({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component: { type: 'application', ...identityOf(own), licenses: [{ license: { id: own.license } }] } },
  components: packages.map(found => ({
    type: 'library',
    ...identityOf(found),
    licenses: [{ license: { id: found.license } }],
    hashes: hashesOf(found),
  })),
  dependencies: [{ ref: idOf(own), dependsOn: packages.map(idOf) }],
});

const identityOf = ({ name, version }) => ({
  'bom-ref': idOf({ name, version }),
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
});

/** npm's `integrity` is base64, CycloneDX takes hexadecimal digits. */
function hashesOf({ folder }) {
  const integrity = lock.packages[folder]?.integrity ?? '';
  const [, digest] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  if (!digest) throw new Error(`package-lock.json has no sha512 of ${folder}`);
  return [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }];
}
