/** What an instruction is told: its arguments by name, each with what it must be. Zero is a value like any other. */
import type { Json, JsonObject, LanguageTag } from '../../../types.ts';
import { didYouMean } from '../../nearest.ts';

export interface Argument<T> {
  /** Continues "expected ". */
  readonly expected: string;
  /** undefined: this is no such value. */
  readonly read: (value: Json) => T | undefined;
  /** What stands where the suite gives none; without it the argument is needed. */
  readonly fallback?: T;
}

export type Arguments = Readonly<Record<string, Argument<unknown>>>;

/** The values of arguments, by the same names. */
export type ValuesOf<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};

export type Relation = 'at least' | 'less than';

/** A text with something in it, in NFC as the answer will be. */
export const text: Argument<string> = {
  expected: 'a text',
  read: (value) => (typeof value === 'string' && value.trim() !== '' ? value.normalize('NFC') : undefined),
};

export const texts: Argument<readonly string[]> = {
  expected: 'a list of texts',
  read: (value) => {
    if (!Array.isArray(value) || value.length === 0) return undefined;
    const read = value.map((one: Json) => text.read(one));
    return read.every((one) => one !== undefined) ? read : undefined;
  },
};

export const count: Argument<number> = whole(0);
export const ordinal: Argument<number> = whole(1);

export const relation: Argument<Relation> = {
  expected: '"at least" or "less than"',
  read: (value) => (value === 'at least' || value === 'less than' ? value : undefined),
};

export const tag: Argument<LanguageTag> = {
  expected: 'a BCP 47 language tag',
  read: (value) => {
    try {
      return typeof value === 'string' ? Intl.getCanonicalLocales(value)[0] : undefined;
    } catch {
      return undefined;
    }
  },
};

export function optional<T>(argument: Argument<T>): Argument<T | null> {
  return { ...argument, fallback: null };
}

function whole(least: number): Argument<number> {
  return {
    expected: `a whole number >= ${least}`,
    read: (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined,
  };
}

/** The values as given, or the first thing wrong with them in one line. */
export function readArguments<A extends Arguments>(
  takes: A,
  given: JsonObject,
): { readonly values: ValuesOf<A> } | { readonly problem: string } {
  const names = Object.keys(takes);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const hint =
      names.length === 0 ? 'it takes none' : (didYouMean(unknown, names) ?? `known: ${names.join(', ')}`);
    return { problem: `there is no argument "${unknown}": ${hint}` };
  }
  const values: [string, unknown][] = [];
  for (const [name, argument] of Object.entries(takes)) {
    const value = given[name];
    if (value === undefined) {
      if (!('fallback' in argument))
        return { problem: `the argument "${name}" is missing: ${argument.expected}` };
      values.push([name, argument.fallback]);
      continue;
    }
    const read = argument.read(value);
    if (read === undefined) {
      const got = (JSON.stringify(value) ?? '').slice(0, 60);
      return { problem: `the argument "${name}" is ${got}, expected ${argument.expected}` };
    }
    values.push([name, read]);
  }
  return { values: Object.fromEntries(values) as ValuesOf<A> };
}
