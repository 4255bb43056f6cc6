import type { UploadError } from '../../core/errors/errors.ts';
import type { TransferEvent } from '../../core/events/events.ts';
import { monotonicMs } from '../../core/policy/monotonic.ts';
import { createTraceFile } from '../../io/output/trace-file.ts';
import { createTracer } from '../../report/trace/trace.ts';

/** Where `--trace` writes what happens; without the flag, nowhere. */
export type RunTrace = {
  event(path: string, event: TransferEvent): void;
  failed(path: string, error: UploadError): void;
  /** Receives the error of a failing disk, once. */
  warnThrough(warn: (message: string) => void): void;
  flush(): Promise<void>;
  close(): Promise<void>;
};

const nowhere: RunTrace = {
  event: () => {},
  failed: () => {},
  warnThrough: () => {},
  flush: async () => {},
  close: async () => {},
};

export const openTrace = (path: string | undefined): RunTrace => {
  if (path === undefined) return nowhere;
  let warn = (_message: string): void => {};
  const file = createTraceFile(path, error =>
    warn(`warning: the trace cannot be written to ${path}: ${error instanceof Error ? error.message : String(error)}`),
  );
  const tracer = createTracer(monotonicMs);
  return {
    event: (from, event) => file.append(tracer.event(from, event)),
    failed: (from, error) => file.append(tracer.failed(from, error)),
    warnThrough: through => {
      warn = through;
    },
    flush: file.flush,
    close: file.close,
  };
};
