/**
 * How much work a JSON Schema asks for at one place of a value. Few subschemas that refer to each other twice at every
 * step are a tree with millions of branches to a validator, which walks each of them.
 */
import type { Json, JsonObject } from '../../types.ts';
import { isObject, partsOf } from './schema-limits.ts';

/** Subschemas with every reference replaced by what it leads to. */
export const maxExpanded = 100_000;
/** References deeper than this in one another are refused: JavaScript's stack is finite. */
const maxChain = 1000;
const refKeywords = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
/** Schemas that stand ready and are applied only where something refers to them. */
const definitions = new Set(['$defs', 'definitions']);
/** Any absolute URI: only what stands after it is looked at. */
const noBase = 'schema:/';

export interface Expansion {
  /** Subschemas that are applied once all references are written out; a schema inside itself counts once. */
  readonly size: number;
  /** Some schema leads back to itself, so that the work also depends on how deep a value is. */
  readonly recursive: boolean;
  /** What the references of a subschema lead to, as far as they lead to anything here. */
  readonly targets: (part: JsonObject) => readonly Json[];
}

/**
 * Counts what a schema is when its references are written out. Takes time in proportion to the schema. `idKeyword`: `$id`,
 * or `id` as in draft-04.
 */
export function expand(schema: Json, idKeyword = '$id'): Expansion {
  const index = indexOf(schema, idKeyword);
  const targets = (part: JsonObject): readonly Json[] =>
    refKeywords.flatMap((keyword) => targetOf(part, keyword, index) ?? []);
  const sizes = new Map<JsonObject, number>();
  const open = new Set<JsonObject>();
  let recursive = false;
  const sizeOf = (part: Json, depth: number): number => {
    if (!isObject(part)) return 1;
    if (open.has(part)) {
      recursive = true;
      return 1;
    }
    const known = sizes.get(part);
    if (known !== undefined) return known;
    if (depth > maxChain) return Number.POSITIVE_INFINITY;
    open.add(part);
    const applied = partsOf(part).filter(({ keyword }) => !definitions.has(keyword));
    const inner = [...applied.map((one) => one.schema), ...targets(part)];
    const size = inner.reduce((sum: number, one) => sum + sizeOf(one, depth + 1), 1);
    open.delete(part);
    sizes.set(part, size);
    return size;
  };
  const size = sizeOf(schema, 0);
  return { size, recursive, targets };
}

interface Index {
  /** By absolute URI: whole resources without a fragment, anchors with theirs. */
  readonly byUri: ReadonlyMap<string, JsonObject>;
  readonly bases: ReadonlyMap<JsonObject, string>;
}

function indexOf(root: Json, idKeyword: string): Index {
  const byUri = new Map<string, JsonObject>();
  const bases = new Map<JsonObject, string>();
  const visit = (part: Json, outer: string): void => {
    if (!isObject(part)) return;
    const { [idKeyword]: id, $anchor: anchor, $dynamicAnchor: dynamic } = part;
    const named = typeof id === 'string' ? absolute(id, outer) : undefined;
    // In older drafts an `$id` that is only a fragment is an anchor.
    const base = named === undefined || (typeof id === 'string' && id.startsWith('#')) ? outer : named;
    if (named !== undefined) byUri.set(named.replace(/#$/u, ''), part);
    bases.set(part, base.replace(/#.*$/su, ''));
    for (const name of [anchor, dynamic]) {
      const uri = typeof name === 'string' ? absolute(`#${name}`, base) : undefined;
      if (uri !== undefined) byUri.set(uri, part);
    }
    for (const inner of partsOf(part)) visit(inner.schema, base);
  };
  if (isObject(root)) byUri.set(noBase, root);
  visit(root, noBase);
  return { byUri, bases };
}

function targetOf(part: JsonObject, keyword: string, { byUri, bases }: Index): Json | undefined {
  const ref = part[keyword];
  const uri = typeof ref === 'string' ? absolute(ref, bases.get(part) ?? noBase) : undefined;
  if (uri === undefined) return undefined;
  const [resource = '', fragment = ''] = uri.split('#');
  if (!fragment.startsWith('/')) return byUri.get(uri.replace(/#$/u, ''));
  let found: Json | undefined = byUri.get(resource);
  for (const step of decoded(fragment).slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null) return undefined;
    found = new Map<string, Json>(Object.entries(found)).get(name);
  }
  return found;
}

function absolute(reference: string, base: string): string | undefined {
  try {
    return new URL(reference, base).href;
  } catch {
    return undefined;
  }
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
