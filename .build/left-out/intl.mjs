// Stands in for the @sindresorhus/is that got asks for: version 5, under the names that version 7 has. From 6 on it makes
// two Intl.ListFormat when it is loaded, for messages of its own; Node then reads its language data, for a third to a
// half of the time that it takes to start.
import is from 'is-without-intl';

export { assert, default } from 'is-without-intl';
export const isBuffer = is.buffer;
