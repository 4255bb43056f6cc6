// Keeps the first signal that comes while the command loads: without a listener it would end the process by its default
// action. Written for any Node, as the file that loads it.
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
let kept;
let receive = signal => {
  // A second one does not wait for what is being loaded.
  if (kept) process.exit(exitCodes[signal]);
  kept = signal;
};
for (const signal of Object.keys(exitCodes)) process.on(signal, () => receive(signal));

/** Gives the kept signal, if one came, and all later ones to a listener. */
module.exports = listener => {
  receive = listener;
  if (kept) listener(kept);
};
