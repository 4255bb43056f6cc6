// Preloaded: leaves the most memory that the process ever held, in bytes, in $PEAK_FILE. Linux hands a parent's peak
// down to `resourceUsage`, so there its own table is asked.
const { readFileSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const peakBytes = () => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
};
if (isMainThread && process.env.PEAK_FILE) {
  process.on('exit', () => writeFileSync(process.env.PEAK_FILE, String(peakBytes())));
}
