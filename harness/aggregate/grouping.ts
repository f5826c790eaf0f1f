/** Putting things together by name. */

/** The value of a map, made where it is missing. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Groups in the order of their first member; members keep their order. */
export function groupBy<T>(items: readonly T[], name: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = name(item);
    const group = groups.get(key);
    // Many groups have one member, and an empty list that is added to makes room for seventeen.
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
