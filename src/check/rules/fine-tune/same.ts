/** Whether two values of JSON are equal, whatever the order of their keys. */
export const isSame = (one: unknown, other: unknown): boolean => {
  const rest: [unknown, unknown][] = [[one, other]];
  for (let pair = rest.pop(); pair; pair = rest.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (!isStructure(a) || !isStructure(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    const names = Object.keys(a);
    if (names.length !== Object.keys(b).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(b, name)) return false;
      rest.push([a[name], b[name]]);
    }
  }
  return true;
};

const isStructure = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
