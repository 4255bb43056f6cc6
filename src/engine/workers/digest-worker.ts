import { serveDigest } from '../../io/read/digest-program.ts';
import { loadCheck } from '../check.ts';

// The thread that passes over a file: its checksums and the check of its lines share one read.
serveDigest(loadCheck);
