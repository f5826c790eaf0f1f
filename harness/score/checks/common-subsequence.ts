/**
 * Length of the longest common subsequence by bit-vectors (Hyyrö 2004): 32 items of the reference at once, one block
 * after the other, so that time is the product of the lengths divided by 32 and memory their sum.
 */
import { numbered } from './numbered.ts';

/** Holds sequences against one reference. */
export function subsequenceWith<T>(reference: readonly T[]): (items: readonly T[]) => number {
  const ids = new Map<T, number>();
  const places = numbered(reference, ids, true);
  return (items) => {
    const columns = numbered(items, ids, false);
    const matches = new Int32Array(ids.size + 1);
    const carries = new Uint8Array(columns.length);
    let length = 0;
    for (let from = 0; from < places.length; from += 32) {
      const block = places.subarray(from, from + 32);
      let bit = 0;
      for (const id of block) matches[id] = (matches[id] ?? 0) | (1 << bit++);
      length += taken(columns, matches, carries);
      for (const id of block) matches[id] = 0;
    }
    return length;
  };
}

/** How many items of a block the subsequence gets; `carries` leads from block to block, an entry per column. */
function taken(columns: Int32Array, matches: Int32Array, carries: Uint8Array): number {
  // A cleared bit is an item that the subsequence has got to. Bits past the end of a short block stay set.
  let open = -1;
  for (let column = 0; column < columns.length; column += 1) {
    const match = matches[columns[column] ?? 0] ?? 0;
    const sum = (open >>> 0) + ((open & match) >>> 0) + (carries[column] ?? 0);
    carries[column] = sum > 0xffffffff ? 1 : 0;
    open = sum | (open & ~match);
  }
  return 32 - ones(open);
}

function ones(word: number): number {
  let rest = word >>> 0;
  let count = 0;
  for (; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
