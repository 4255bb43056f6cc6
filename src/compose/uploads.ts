// The commands that have to do with uploads, as one chunk: as a file each, with those that any two of them share, a
// start would read forty.
export { cancel } from './cancel.ts';
export { clean } from './clean.ts';
export { push } from './push.ts';
export { resume } from './resume.ts';
export { list, show } from './saved.ts';
export { verify } from './verify.ts';
