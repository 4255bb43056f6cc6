import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../support/cli.ts';
import { ROOT } from '../support/packed.ts';
import { eachOf } from '../support/torture.ts';
import { strayIn } from './job-schema.ts';
import { type Fleet, fleet, ODD_NAMES, recipe, sorted } from './scene.ts';

const manifest = (): Json => parse(recipe('kind: Job'));
const containerOf = (job: Json): Json => job['spec'].template.spec.containers[0];

it("16.18: the Job is what Kubernetes' schema of batch/v1 says", () => {
  expect(strayIn(manifest())).toEqual([]);
});

it.each([
  ['completionMode:', 'completionsMode:', '/spec/completionsMode'],
  ['completions: 8', "completions: '8'", 'data/spec/completions must be integer'],
  ['        - name: upload', '        - title: upload', 'containers/0 must have required property'],
  ['secretRef:', 'secretReff:', '/envFrom/0/secretReff'],
  ['mountPath:', 'mountpath:', 'must have required property'],
])('16.18: the schema sees %j written as %j', (right, wrong, seen) => {
  const text = recipe('kind: Job');
  expect(text).toContain(right);
  expect(strayIn(parse(text.replace(right, wrong))).join()).toContain(seen);
});

it("16.18: the Job's pods push each file once, and a pod that runs again sends nothing again", async () => {
  const here = await fleet(ODD_NAMES);
  const { completions } = manifest()['spec'];
  await eachOf(Array.from({ length: completions }), 2, (_, index) => pod(here, index));
  expect(await here.uploaded()).toEqual(sorted(ODD_NAMES));
  await pod(here, 2);
  expect(await here.uploaded()).toEqual(sorted(ODD_NAMES));
});

/** Runs the container of one index, as the kubelet does with the image of this repository. */
async function pod({ box, server }: Fleet, index: number): Promise<void> {
  const image = await readFile(join(ROOT, '.github/docker/Dockerfile'), 'utf8');
  expect(image).toContain('\nENTRYPOINT ["tini", "--", "oai-upload"]\n');
  const { args, volumeMounts } = containerOf(manifest());
  const here = (args as readonly string[]).map(arg =>
    arg.replace('$(JOB_COMPLETION_INDEX)', String(index)).replace(volumeMounts[0].mountPath, box.work),
  );
  const run = await box.run(here, { env: { ...server.env, JOB_COMPLETION_INDEX: String(index) } });
  expect(run.exitCode, run.stderr).toBe(0);
}
