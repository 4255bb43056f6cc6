// Stands in for cacheable-request and cacheable-lookup, which got uses only with its options `cache` and `dnsCache`, and
// for the six packages that they bring. oai-upload sets neither; a use fails instead of doing something else.
class Caching {
  constructor() {
    throw new Error('caching is not part of this bundle');
  }
}

// biome-ignore lint/style/noDefaultExport: got imports it under that name
export { Caching as default };

/** No error is one. */
export class CacheError extends Error {}
