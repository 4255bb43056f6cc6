/** Whether a URL's host is this machine, which no key leaves on its way there. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|.*\.localhost|127(\.\d+){3}|\[?::1\]?)\.?$/i.test(host);
