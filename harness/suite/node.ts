/**
 * What a person wrote, with its place: the tree that YAML, JSON lines and CSV rows are all turned into before anything
 * looks at them. Everything after this file reads nodes and never a parser's own objects.
 */
import type { Json, JsonObject, Place } from '../types.ts';

/** A text with a name, and a way from an offset in it to a place for people. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Offsets count UTF-16 units from 0. */
  readonly locate: (offset: number) => Place;
}

/** A stretch of a source, end exclusive. */
export interface Spot {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
  readonly spot: Spot;
}
export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly spot: Spot;
}
export interface Entry {
  readonly key: string;
  readonly keySpot: Spot;
  readonly value: Node;
}
export interface Mapping {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly spot: Spot;
}
export type Node = Scalar | List | Mapping;

/** Nesting beyond this is refused everywhere in this room, so recursion over a tree is safe. */
export const maxDepth = 64;

/** Keys that mean something to JavaScript's objects: refused wherever a person may write a key. */
export const refusedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The last integer that no other is read as: 2^53 is also what 2^53 + 1 becomes. */
export const maxExact = Number.MAX_SAFE_INTEGER;

export const placeOf = (spot: Spot): Place => spot.source.locate(spot.start);

/** A source of which only one place is known: a line of a data set, or a file as a whole. */
export function fixedSource(file: string, line: number): Source {
  return { file, text: '', locate: () => ({ file, line, column: 1 }) };
}

export const wholeOf = (source: Source): Spot => ({ source, start: 0, end: source.text.length });

/** An object without a prototype: no inherited name can be mistaken for a value. */
export function bareObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const bare = Object.create(null) as Record<string, Json>;
  for (const [key, value] of entries) bare[key] = value;
  return bare;
}

/** The value of a node as JSON; objects have no prototype. */
export function toJson(node: Node): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  return bareObject([...node.entries.values()].map((entry) => [entry.key, toJson(entry.value)] as const));
}

/** A short JSON spelling of a value, for "expected ..., got ...". */
export function brief(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'a mapping';
  if (value === null) return 'nothing';
  if (typeof value !== 'string') return String(value);
  const points = Array.from(value);
  return JSON.stringify(points.length > 40 ? `${points.slice(0, 39).join('')}…` : value);
}

export const briefNode = (node: Node): string =>
  node.kind === 'scalar' ? brief(node.value) : node.kind === 'list' ? 'a list' : 'a mapping';
