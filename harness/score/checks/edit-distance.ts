/**
 * Levenshtein distance by bit-vectors (Myers 1999, in the form of Hyyrö 2003): 32 rows of the table at once, one block
 * of rows after the other, so that memory grows with the texts and not with their product.
 */
import { numbered } from './numbered.ts';

/** Insertions, deletions and substitutions that turn one sequence of items into the other. */
export function editDistance<T>(a: readonly T[], b: readonly T[]): number {
  const { start, endA, endB } = differing(a, b);
  const [rows, columns] =
    endA <= endB
      ? [a.slice(start, endA), b.slice(start, endB)]
      : [b.slice(start, endB), a.slice(start, endA)];
  if (rows.length === 0) return columns.length;
  const ids = new Map<T, number>();
  const rowIds = numbered(rows, ids, true);
  const columnIds = numbered(columns, ids, false);
  const matches = new Int32Array(ids.size + 1);
  // What each column adds from one row to the next, at the lower edge of the block above: +1 above the first row.
  const edge = new Int8Array(columns.length).fill(1);
  for (let from = 0; from < rowIds.length; from += 32) {
    const block = rowIds.subarray(from, from + 32);
    let bit = 0;
    for (const id of block) matches[id] = (matches[id] ?? 0) | (1 << bit++);
    advance(columnIds, matches, edge, block.length);
    for (const id of block) matches[id] = 0;
  }
  return edge.reduce((distance, step) => distance + step, rows.length);
}

/** Runs one block of `rows` <= 32 rows over all columns; `edge` holds the steps above it, and below it afterwards. */
function advance(columnIds: Int32Array, matches: Int32Array, edge: Int8Array, rows: number): void {
  const last = rows - 1;
  // Rows where the table steps up, and where it steps down, from the row above.
  let up = -1;
  let down = 0;
  for (let column = 0; column < columnIds.length; column += 1) {
    const above = edge[column] ?? 0;
    const equal = matches[columnIds[column] ?? 0] ?? 0;
    const diagonal = equal | down;
    const reached = above < 0 ? equal | 1 : equal;
    const across = (((reached & up) + up) ^ up) | reached;
    let right = down | ~(across | up);
    let left = up & across;
    edge[column] = ((right >>> last) & 1) - ((left >>> last) & 1);
    right = (right << 1) | (above > 0 ? 1 : 0);
    left = (left << 1) | (above < 0 ? 1 : 0);
    up = left | ~(diagonal | right);
    down = right & diagonal;
  }
}

/** What is left between a common start and a common end. */
function differing<T>(a: readonly T[], b: readonly T[]): { start: number; endA: number; endB: number } {
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && start < endB && a[start] === b[start]) start += 1;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  return { start, endA, endB };
}
