import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** A place in the bundle, as a stack trace names it. The single-file executable has its own version, in `.build/sea/`. */
export const PLACE = /((?:\/|[A-Za-z]:\\)[^:()\n]+\.cjs):(\d+):(\d+)/g;

/** The source map that the build puts beside a file; throws where there is none. */
export const readMap = (path: string): SourceMap => new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
