import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place in the bundle, as a stack trace names it. The single-file executable has its own version, in `.build/sea/`. */
export const PLACE = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;

/** The source map that the build puts beside a module; throws where there is none. */
export const readMap = (url: string): SourceMap =>
  new SourceMap(JSON.parse(readFileSync(fileURLToPath(`${url}.map`), 'utf8')));
