/**
 * Length of the longest common subsequence by bit-vectors (Hyyrö 2004): 32 items of the reference at once, so that two
 * long texts cost their product divided by 32.
 */

/** Holds sequences against one reference. */
export function subsequenceWith<T>(reference: readonly T[]): (items: readonly T[]) => number {
  const width = Math.ceil(reference.length / 32);
  const places = new Map<T, Int32Array>();
  for (const [at, item] of reference.entries()) {
    const bits = places.get(item) ?? new Int32Array(width);
    bits[at >> 5] = (bits[at >> 5] ?? 0) | (1 << (at & 31));
    places.set(item, bits);
  }
  return (items) => {
    // A cleared bit is an item of the reference that the subsequence has got to.
    const open = new Int32Array(width).fill(-1);
    for (const item of items) {
      const bits = places.get(item);
      if (bits !== undefined) takeItem(open, bits);
    }
    return open.reduce((length, word) => length + 32 - ones(word), 0);
  };
}

function takeItem(open: Int32Array, bits: Int32Array): void {
  let carry = 0;
  for (let at = 0; at < open.length; at += 1) {
    const word = open[at] ?? 0;
    const mask = bits[at] ?? 0;
    const sum = (word >>> 0) + ((word & mask) >>> 0) + carry;
    carry = sum > 0xffffffff ? 1 : 0;
    open[at] = sum | (word & ~mask);
  }
}

function ones(word: number): number {
  let rest = word >>> 0;
  let count = 0;
  for (; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
