/** Which of the calls made stands for which of the calls expected: as many pairs as can be, then the best sum. */

/** A weight for every row and column that may be paired, 0..1; null where they may not. */
export type Weights = readonly (readonly (number | null)[])[];

/** For each row its column, or null. Rows and columns are met in any order. */
export function pairFreely(weights: Weights): readonly (number | null)[] {
  const rows = weights.length;
  const columns = Math.max(rows, weights[0]?.length ?? 0);
  // A pair is worth more than all scores together: no call is left over for the sake of another's arguments.
  const gain = (row: number, column: number): number => {
    const weight = weights[row]?.[column] ?? null;
    return weight === null ? 0 : rows + 1 + weight;
  };
  const owners = assign(rows, columns, (row, column) => -gain(row, column));
  const partners = Array.from<number | null>({ length: rows }).fill(null);
  for (const [column, row] of owners.entries()) {
    if (row !== null && (weights[row]?.[column] ?? null) !== null) partners[row] = column;
  }
  return partners;
}

/**
 * The assignment of every row to a column of its own with the smallest sum of costs (Kuhn 1955 with potentials, as in
 * Jonker and Volgenant 1987), in rows² · columns steps. `rows` <= `columns`. Each column's row, or null.
 */
function assign(
  rows: number,
  columns: number,
  cost: (row: number, column: number) => number,
): (number | null)[] {
  const ofRow = new Float64Array(rows);
  const ofColumn = new Float64Array(columns + 1);
  /** The last place is that of the row being placed. */
  const owner = Array.from<number | null>({ length: columns + 1 }).fill(null);
  for (let row = 0; row < rows; row++) {
    const slack = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(columns + 1).fill(columns);
    const seen = new Uint8Array(columns + 1);
    let column = columns;
    owner[columns] = row;
    for (let held = owner[column] ?? null; held !== null; held = owner[column] ?? null) {
      seen[column] = 1;
      let nearest = columns;
      for (let next = 0; next < columns; next++) {
        if (seen[next] === 1) continue;
        const reduced = cost(held, next) - (ofRow[held] ?? 0) - (ofColumn[next] ?? 0);
        if (reduced < (slack[next] ?? 0)) {
          slack[next] = reduced;
          from[next] = column;
        }
        if (nearest === columns || (slack[next] ?? 0) < (slack[nearest] ?? 0)) nearest = next;
      }
      const step = slack[nearest] ?? 0;
      for (let other = 0; other <= columns; other++) {
        if (seen[other] === 1) {
          const its = owner[other];
          if (its != null) ofRow[its] = (ofRow[its] ?? 0) + step;
          ofColumn[other] = (ofColumn[other] ?? 0) - step;
        } else slack[other] = (slack[other] ?? 0) - step;
      }
      column = nearest;
    }
    while (column !== columns) {
      const before = from[column] ?? columns;
      owner[column] = owner[before] ?? null;
      column = before;
    }
  }
  return owner.slice(0, columns);
}

/** For each row its column, or null; a later row never gets an earlier column. */
export function pairInOrder(weights: Weights): readonly (number | null)[] {
  const rows = weights.length;
  const columns = weights[0]?.length ?? 0;
  const width = columns + 1;
  /** Best sum of the first rows and columns. */
  const best = new Float64Array((rows + 1) * width);
  const at = (row: number, column: number): number => best[row * width + column] ?? 0;
  const paired = (row: number, column: number): number | null => {
    const weight = weights[row]?.[column] ?? null;
    return weight === null ? null : at(row, column) + rows + 1 + weight;
  };
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      const without = Math.max(at(row - 1, column), at(row, column - 1));
      best[row * width + column] = Math.max(without, paired(row - 1, column - 1) ?? 0);
    }
  }
  const partners = Array.from<number | null>({ length: rows }).fill(null);
  for (let row = rows, column = columns; row > 0 && column > 0;) {
    if (paired(row - 1, column - 1) === at(row, column)) {
      partners[row - 1] = column - 1;
      row--;
      column--;
    } else if (at(row - 1, column) === at(row, column)) row--;
    else column--;
  }
  return partners;
}
