// THIRD-PARTY-LICENSES.txt: the notice that each bundled package asks its users to keep.
import { idOf } from './packages.mjs';

const RULE = '-'.repeat(80);

/** One notice for each text, under the packages that it is of. */
export const licencesOf = packages => {
  const byText = grouped(packages);
  const notices = [...byText].map(([text, found]) =>
    [RULE, ...found.map(one => `${idOf(one)} (${one.license})`), RULE, '', text, ''].join('\n'),
  );
  return [`The code of these ${packages.length} packages is part of oai-upload.`, '', ...notices].join('\n');
};

function grouped(packages) {
  const byText = new Map();
  for (const found of packages) byText.set(found.text, [...(byText.get(found.text) ?? []), found]);
  return byText;
}
