/** JSON Pointers as they are grouped. Parts of them come from answers: they are bounded before anyone shows them. */

/** UTF-16 units of a pointer that are kept. */
const maxPointer = 120;

/** The pointer with `*` for every index, cut where it is longer than anyone reads. */
export function groupedPointer(pointer: string): string {
  const grouped = pointer.replaceAll(/\/\d+(?=\/|$)/gu, '/*');
  if (grouped.length <= maxPointer) return grouped;
  return `${grouped.slice(0, maxPointer - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}
