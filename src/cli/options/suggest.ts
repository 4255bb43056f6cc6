import { closestMatch } from 'leven';

/** Further away it is another word. */
const MOST_EDITS = 3;

/** The word that was likely meant, in a sentence; nothing where none is near. */
export const didYouMean = (text: string, words: readonly string[]): string | undefined => {
  const word = nearest(text, words);
  return word === undefined ? undefined : `did you mean ${word}?`;
};

/** The nearest of the words: at most a third of the text may differ. */
export const nearest = (text: string, words: readonly string[]): string | undefined =>
  closestMatch(text, words, { maxDistance: Math.min(MOST_EDITS, Math.ceil(text.length / 3)) });
