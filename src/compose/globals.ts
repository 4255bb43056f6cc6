import { resolve } from 'node:path';
import type { Values } from '../cli/option.ts';
import { globalOptions } from '../cli/options.ts';
import { type RawOptions, resolveOptions } from '../cli/resolve.ts';
import { stateFolder } from '../io/folders.ts';
import type { World } from '../world.ts';

export type GlobalValues = Values<typeof globalOptions>;

/** The values of the options that every command has. */
export const globalsOf = (raw: RawOptions, { env }: World): GlobalValues => resolveOptions(globalOptions, raw, env);

/** The folder of everything that is saved. */
export const stateDirOf = ({ stateDir }: GlobalValues, { env }: World): string => resolve(stateDir ?? stateFolder(env));
