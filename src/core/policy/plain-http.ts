import { isLoopback } from './loopback.ts';

/** What is dangerous about a base URL: anyone on the way to another machine can read what plain http carries. */
export const plainHttpWarning = ({ protocol, hostname }: URL): string | undefined =>
  protocol === 'http:' && !isLoopback(hostname)
    ? `warning: the API key is sent to ${hostname} without encryption; use an https base URL`
    : undefined;
