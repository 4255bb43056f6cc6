import { join } from 'node:path';
import { ROOT } from '../support/packed.ts';

/** What the build tells of a file that it wrote. */
export type Output = {
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
};

type Metafile = { readonly outputs: Readonly<Record<string, Output>> };
type Bundle = { metafileOf(): Promise<Metafile> };

const { metafileOf } = (await import(/* @vite-ignore */ join(ROOT, '.build/bundle.mjs'))) as Bundle;

/** What a build puts into dist/. */
export const metafile = await metafileOf();
