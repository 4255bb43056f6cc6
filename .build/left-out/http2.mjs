// Stands in for http2-wrapper, which loads all of Node's http2 and which got uses only with its option `http2: true`.
// oai-upload never sets it; a use fails instead of doing something else.
const refuse = () => {
  throw new Error('HTTP/2 is not part of this bundle');
};

const http2 = Object.defineProperties({}, { auto: { get: refuse }, globalAgent: { get: refuse } });

// biome-ignore lint/style/noDefaultExport: got imports it under that name
export { http2 as default };
