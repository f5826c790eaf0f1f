/** Reads mappings of known keys: what is unknown is said, with what was probably meant; what has the wrong type too. */
import { briefNode, type Entry, type List, type Mapping, type Node } from './node.ts';
import type { ProblemList } from './problem-list.ts';
import { didYouMean } from './suggest.ts';

export interface Known {
  /** How the mapping is called in a message: `a test`, `request`. */
  readonly what: string;
  readonly keys: readonly string[];
  /** Keys of the documented format that this release does not read. */
  readonly later?: readonly string[];
  /** Keys that stand in another file, and what to do. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** The entries of a mapping with known keys, or null when it is none. */
export function readFields(
  node: Node,
  known: Known,
  problems: ProblemList,
): ReadonlyMap<string, Entry> | null {
  const map = readMapping(node, known.what, problems);
  if (map === null) return null;
  for (const { key, keySpot } of map.entries.values()) {
    if (known.keys.includes(key)) continue;
    const hint =
      known.elsewhere === undefined ? undefined : new Map(Object.entries(known.elsewhere)).get(key);
    if (hint !== undefined) problems.error(keySpot, `"${key}" does not belong in ${known.what}`, hint);
    else if (known.later?.includes(key) === true)
      problems.error(keySpot, `"${key}" is not in this release`, 'remove it');
    else problems.error(keySpot, `unknown key "${key}"`, () => didYouMean(key, known.keys));
  }
  return map.entries;
}

export function readMapping(node: Node, what: string, problems: ProblemList): Mapping | null {
  if (node.kind === 'map') return node;
  expected(node, what, 'a mapping', problems);
  return null;
}

export function readList(node: Node, what: string, problems: ProblemList): List | null {
  if (node.kind === 'list') return node;
  expected(node, what, 'a list', problems);
  return null;
}

/** A text, or null with the problem said. Numbers are no text: `id: 007` would lose its zeros. */
export function readText(
  node: Node,
  what: string,
  problems: ProblemList,
  options: { empty?: boolean } = {},
): string | null {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    if (node.value.trim() !== '' || options.empty === true) return node.value;
    problems.error(node.spot, `${what} is empty`);
    return null;
  }
  const quotable = node.kind === 'scalar' && node.value !== null;
  problems.error(
    node.spot,
    `${what}: expected text, got ${briefNode(node)}`,
    quotable ? `quote it: "${String(node.value)}"` : null,
  );
  return null;
}

export function readBoolean(node: Node, what: string, problems: ProblemList): boolean | null {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  expected(node, what, 'true or false', problems);
  return null;
}

/** A finite number from `min` to `max`, both included; `whole` wants an integer. */
export function readNumber(
  node: Node,
  what: string,
  range: { readonly min: number; readonly max: number; readonly whole?: boolean },
  problems: ProblemList,
): number | null {
  const value = node.kind === 'scalar' ? node.value : null;
  const fits =
    typeof value === 'number' &&
    value >= range.min &&
    value <= range.max &&
    (range.whole !== true || Number.isInteger(value));
  if (fits) return value;
  const noun = range.whole === true ? 'a whole number' : 'a number';
  const bounds =
    range.max === Number.POSITIVE_INFINITY ? `>= ${range.min}` : `from ${range.min} to ${range.max}`;
  expected(node, what, `${noun} ${bounds}`, problems);
  return null;
}

function expected(node: Node, what: string, wanted: string, problems: ProblemList): void {
  problems.error(node.spot, `${what}: expected ${wanted}, got ${briefNode(node)}`);
}

/** Whether a node is absent or written as nothing (`in: { en: }`). */
export const isNothing = (node: Node | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);
