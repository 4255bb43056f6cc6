import { Job } from 'kubernetes-models/batch/v1';

/**
 * What Kubernetes' schema of a batch/v1 Job says against a manifest: values of the wrong kind, and fields that it does
 * not name. The validators let unknown fields pass, but never read them; that is how they are found.
 */
export function strayIn(manifest: object): readonly string[] {
  const unread = new Set<string>();
  const watched = watch(manifest, '', unread);
  try {
    Job.prototype.validate.call(watched);
  } catch (error) {
    return [String(error)];
  }
  return [...unread].sort();
}

function watch(node: unknown, path: string, unread: Set<string>): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const copy = Array.isArray(node) ? [] : Object.create(path === '' ? Job.prototype : Object.prototype);
  for (const [key, value] of Object.entries(node)) {
    unread.add(`${path}/${key}`);
    copy[key] = watch(value, `${path}/${key}`, unread);
  }
  return new Proxy(copy, {
    get: (target, key) => {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key);
    },
  });
}
