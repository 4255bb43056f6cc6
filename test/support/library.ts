import { fileURLToPath } from 'node:url';
import type * as Library from '../../src/index.ts';

const whichOne = process.env['OF_SOURCES'] === '1' ? '../../src/index.ts' : '../../dist/index.js';

/** The built library, as a program imports it: build before the tests. `npm run coverage` takes that of the sources. */
export const LIBRARY = fileURLToPath(new URL(whichOne, import.meta.url));

export const { push, UploadError } = (await import(/* @vite-ignore */ LIBRARY)) as typeof Library;
export type { PushOptions, UploadEvent } from '../../src/index.ts';
