/** JSON files that a suite names (schemas, tools): read once, within limits, as plain data. */
import type { Json } from '../types.ts';
import { decode, FileFault, readBounded, resolveInside } from './files.ts';
import { bareObject, maxDepth, maxExact, refusedKeys, type Spot } from './node.ts';
import { jsonOddity } from './nesting.ts';
import type { ProblemList } from './problem-list.ts';

const maxJsonBytes = 256 * 1024;
const maxObjects = 2_000;
const maxFiles = 1_000;

export interface JsonFiles {
  /** The content of the file a suite names, or null with the problem said at `spot`. */
  readonly read: (
    written: string,
    spot: Spot,
    problems: ProblemList,
  ) => { readonly value: Json; readonly file: string } | null;
}

/** Files inside `root`, named relative to `base`. */
export function openJsonFiles(root: string, base: string): JsonFiles {
  const read = new Map<string, Json | FileFault>();
  return {
    read: (written, spot, problems) => {
      const resolved = resolveInside(root, base, written);
      if ('refusal' in resolved) {
        problems.error(spot, resolved.refusal.message, resolved.refusal.hint);
        return null;
      }
      let value = read.get(resolved.file);
      if (value === undefined) {
        value =
          read.size >= maxFiles
            ? new FileFault(`is one of more than ${maxFiles} files`)
            : readJson(resolved.file);
        read.set(resolved.file, value);
      }
      if (!(value instanceof FileFault)) return { value, file: resolved.file };
      problems.error(spot, `the file ${JSON.stringify(written)} ${value.message}`);
      return null;
    },
  };
}

function readJson(file: string): Json | FileFault {
  try {
    const text = decode(readBounded(file, maxJsonBytes));
    const fault = oddityFault(text);
    if (fault !== null) return fault;
    return plainJson(JSON.parse(text) as Json, { left: maxObjects });
  } catch (error) {
    if (error instanceof FileFault) return error;
    if (error instanceof SyntaxError) return new FileFault(`is not JSON: ${jsonFault(error)}`);
    throw error;
  }
}

/** What makes a JSON text unfit although it would parse. */
export function oddityFault(text: string): FileFault | null {
  const odd = jsonOddity(text, maxDepth);
  if (odd === null) return null;
  return new FileFault(
    odd === 'deep'
      ? `nests deeper than ${maxDepth} levels`
      : `holds the key ${JSON.stringify(odd.twice.slice(0, 60))} twice`,
  );
}

/** What `JSON.parse` found wrong, without the text it quotes. */
export const jsonFault = (error: SyntaxError): string =>
  error.message
    .replace(/, ".*$/su, '')
    .replace(/ in JSON at position/u, ' at position')
    .slice(0, 120);

/** A copy without prototypes. Throws a `FileFault` for keys and numbers that are refused, and past a number of objects. */
export function plainJson(value: Json, budget: { left: number }): Json {
  if (typeof value === 'number' && Math.abs(value) > maxExact)
    throw new FileFault('holds a number too large to be read exactly');
  if (value === null || typeof value !== 'object') return value;
  budget.left -= 1;
  if (budget.left < 0) throw new FileFault('holds too many objects and lists');
  if (Array.isArray(value)) return value.map((item: Json) => plainJson(item, budget));
  return bareObject(
    Object.entries(value).map(([key, item]) => {
      if (refusedKeys.has(key)) throw new FileFault(`holds the refused key "${key}"`);
      return [key, plainJson(item, budget)] as const;
    }),
  );
}
