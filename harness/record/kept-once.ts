/**
 * Equal values as one value. The lines of a run folder say the same things over and over: of 100,000 cells that would be
 * most of the memory of a plan, and a good part of what was thought of its answers.
 */

/** Equal objects as one: every target is asked the same, and a schema stands in the request and the checks of each. */
export function objectsOnce(): <T extends object>(value: T) => T {
  const known = new Map<string, object>();
  return <T extends object>(value: T): T => {
    const text = JSON.stringify(value);
    const found = known.get(text);
    if (found !== undefined) return found as T;
    known.set(text, value);
    return value;
  };
}

/** Replaces the texts that stand in a record under these keys; anything else there is left as it is. */
export type KeepTexts = (record: Record<string, unknown>, keys: readonly string[]) => void;

/**
 * Equal texts as one, and as those that are `known` already. A record is changed in place: it was just made from its line,
 * and is nobody else's yet.
 */
export function textsOnce(first: Iterable<string> = []): KeepTexts {
  const known = new Map<string, string>();
  for (const text of first) known.set(text, text);
  return (record, keys) => {
    for (const key of keys) {
      const text = record[key];
      if (typeof text !== 'string') continue;
      const found = known.get(text);
      if (found === undefined) known.set(text, text);
      else record[key] = found;
    }
  };
}
