/**
 * What was made of the latest references. In a plan the same question stands once per target and repeat, one after the
 * other, and taking a reference apart costs more than holding an answer against it.
 */

/** Characters of all keys together: of what is made of them, up to 30 MB for chrF and less for the others. */
const limit = 200_000;

/** Gives what `make` made of a key, without making it again while the key is among the latest. */
export function recent<T>(): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  let size = 0;
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (key.length > limit) return made;
    for (const oldest of kept.keys()) {
      if (size + key.length <= limit) break;
      kept.delete(oldest);
      size -= oldest.length;
    }
    kept.set(key, made);
    size += key.length;
    return made;
  };
}

/** Gives what `make` made of a key; forgets everything once it holds `most` things, which are of one small size. */
export function remembered<T>(most: number): (key: string, make: () => T) => T {
  const kept = new Map<string, T>();
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= most) kept.clear();
    kept.set(key, made);
    return made;
  };
}
