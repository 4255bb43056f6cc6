// Loaded with --import: SIGUSR2 sets this process's wall clock back by so many hours, or ahead.
const hours = Number(process.env.CLOCK_JUMP_HOURS);
const now = Date.now;
let offsetMs = 0;
process.on('SIGUSR2', () => {
  offsetMs = hours * 3_600_000;
});
Date.now = () => now() + offsetMs;
