/**
 * Items as numbers from 1, equal ones alike. 0 stands for an item that is not known, when `learn` does not say to take
 * it in. `Int32Array.from` would take several times as long.
 */
export function numbered<T>(items: readonly T[], ids: Map<T, number>, learn: boolean): Int32Array {
  const found = new Int32Array(items.length);
  let end = 0;
  for (const item of items) {
    let id = ids.get(item) ?? 0;
    if (id === 0 && learn) {
      id = ids.size + 1;
      ids.set(item, id);
    }
    found[end++] = id;
  }
  return found;
}
