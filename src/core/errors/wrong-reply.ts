/** A whole reply that is not the one that was requested; the message says what is wrong with it. */
export class WrongReply extends Error {
  override readonly name = 'WrongReply';
}
