// Preloaded with --import: leaves the most memory that the process ever held, in bytes, in $PEAK_RSS_FILE.
import { readFileSync, writeFileSync } from 'node:fs';

/** Linux counts into maxRSS what the parent held when it forked; the status tells of this program alone. */
const peak = () => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
};

process.on('exit', () => writeFileSync(process.env.PEAK_RSS_FILE, String(peak() * 1024)));
