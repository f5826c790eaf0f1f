/** `gates:` of a targets file: texts with their places. What they say is read where the plan is known. */
import type { GateText, Place } from '../types.ts';
import { readList, readText } from './fields.ts';
import { placeOf, type Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';

/** More claims than this are no gate but a test suite. */
export const maxGates = 1000;

/** The gates in their order; empty without any. */
export function readGates(
  node: Node | undefined,
  problems: ProblemList,
): (GateText & { readonly place: Place })[] {
  if (node === undefined) return [];
  const items = readList(node, 'gates', problems)?.items ?? [];
  if (items.length > maxGates) problems.error(node.spot, `${items.length} gates`, `${maxGates} at most`);
  return items.slice(0, maxGates).flatMap((item) => {
    const text = readText(item, 'a gate', problems);
    if (text === null) return [];
    const { file, line, column } = placeOf(item.spot);
    // The text begins after its quotation mark.
    const quoted = /["']/u.test(item.spot.source.text.charAt(item.spot.start)) ? 1 : 0;
    const place = { file, line, column: column + quoted };
    return [{ expression: text.normalize('NFC'), from: `${file}:${line}:${place.column}`, place }];
  });
}
