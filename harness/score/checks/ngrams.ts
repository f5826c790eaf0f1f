/**
 * Counts of n-grams that two texts share. The n-grams of the references stand in a trie, so that one walk from every
 * item of an answer finds those of all orders: no n-gram is ever cut out of its text.
 */

export interface NgramIndex<T> {
  /** Items of each reference. */
  readonly lengths: readonly number[];
  /** Per order, unigrams first: Σ over n-grams of the smaller count, of the answer or of the reference that has most. */
  readonly matches: (items: readonly T[]) => number[];
}

export function ngramIndex<T>(references: readonly (readonly T[])[], orders: number): NgramIndex<T> {
  const lengths = references.map((items) => items.length);
  const trie = openTrie(1 + orders * lengths.reduce((sum, length) => sum + length, 0));
  const ids = new Map<T, number>();
  for (const items of references) {
    const path: number[] = [];
    for (const item of items) path.push(idOf(ids, item));
    const seen = cleared(trie.capacity);
    for (let start = 0; start < path.length; start += 1) {
      let node = 0;
      for (let at = start; at < path.length && at < start + orders; at += 1) {
        node = trie.child(node, path[at] ?? 0, true);
        const count = (seen[node] ?? 0) + 1;
        seen[node] = count;
        if (count > (trie.most[node] ?? 0)) trie.most[node] = count;
      }
    }
  }
  return {
    lengths,
    matches: (items) => {
      const path: number[] = [];
      for (const item of items) path.push(ids.get(item) ?? -1);
      return walked(trie, path, orders);
    },
  };
}

function walked(trie: Trie, path: readonly number[], orders: number): number[] {
  const found: number[] = [];
  while (found.length < orders) found.push(0);
  const seen = cleared(trie.capacity);
  for (let start = 0; start < path.length; start += 1) {
    let node = 0;
    for (let order = 0; order < orders && start + order < path.length; order += 1) {
      node = trie.child(node, path[start + order] ?? -1, false);
      // No longer n-gram from here can be known either.
      if (node === 0) break;
      const count = (seen[node] ?? 0) + 1;
      seen[node] = count;
      if (count <= (trie.most[node] ?? 0)) found[order] = (found[order] ?? 0) + 1;
    }
  }
  return found;
}

let scratch = new Int32Array(4096);

/** Zeros for one walk: a table of its own for each would keep the garbage collector busier than the walk. */
function cleared(size: number): Int32Array {
  if (scratch.length < size) scratch = new Int32Array(2 * size);
  return scratch.fill(0, 0, size);
}

/** How many n-grams a text of so many items has. */
export function ngramCount(items: number, order: number): number {
  return Math.max(0, items - order + 1);
}

function idOf<T>(ids: Map<T, number>, item: T): number {
  const known = ids.get(item);
  if (known !== undefined) return known;
  ids.set(item, ids.size);
  return ids.size - 1;
}

interface Trie {
  readonly capacity: number;
  /** By node: how often its n-gram stands in the reference that has it most. */
  readonly most: Int32Array;
  /** The node reached from `node` by a symbol; made where it is missing and `make` says so, else 0, which is the root. */
  readonly child: (node: number, symbol: number, make: boolean) => number;
}

/** All edges of the trie in one hash table with open addressing. `capacity`: nodes at most, the root included. */
function openTrie(capacity: number): Trie {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
  const mask = slots.length - 1;
  const parents = new Int32Array(capacity);
  const symbols = new Int32Array(capacity);
  let size = 1;
  return {
    capacity,
    most: new Int32Array(capacity),
    child: (node, symbol, make) => {
      let hash = Math.imul(Math.imul(node, 0x9e3779b1) ^ symbol, 0x85ebca6b);
      hash ^= hash >>> 15;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const found = slots[slot] ?? 0;
        if (found !== 0) {
          if (parents[found] === node && symbols[found] === symbol) return found;
          continue;
        }
        if (!make) return 0;
        slots[slot] = size;
        parents[size] = node;
        symbols[size] = symbol;
        size += 1;
        return size - 1;
      }
    },
  };
}
