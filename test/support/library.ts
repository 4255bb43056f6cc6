import { fileURLToPath } from 'node:url';
import type * as Library from '../../src/index.ts';

/** The built library, as a program imports it: build before the tests. */
export const LIBRARY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

export const { push, UploadError } = (await import(/* @vite-ignore */ LIBRARY)) as typeof Library;
export type { PushOptions, UploadEvent } from '../../src/index.ts';
