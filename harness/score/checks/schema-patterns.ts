/** The regular expressions of a schema: built once, matched within one budget per answer, by either engine. */
import { nativePattern, searchNative } from './native-pattern.ts';
import { compilePattern, maxSteps } from './pattern.ts';
import { SchemaCostError } from './schema-cost.ts';

/** `re2`: linear time. `js`: the native engine, each match under its time limit. */
export type PatternEngine = 're2' | 'js';

interface Tester {
  readonly test: (text: string) => boolean;
  readonly toString: () => string;
}

export interface SchemaPatterns {
  /** What a schema compiler asks of an engine. It tells patterns apart by their `toString`. */
  readonly regExp: ((source: string, flags: string) => Tester) & { readonly code: string };
  /** Called before each value. */
  readonly begin: () => void;
}

/** Steps per UTF-16 unit of all patterns of a schema together: building them takes a second or two. */
const maxPatternSteps = 200_000;

/** The patterns of one schema share two budgets: one for being built, one per value for being matched. */
export function schemaPatterns(engine: PatternEngine): SchemaPatterns {
  return engine === 'js' ? nativePatterns() : linearPatterns();
}

function linearPatterns(): SchemaPatterns {
  let built = 0;
  let spent = 0;
  const make = (source: string): Tester => {
    const pattern = compilePattern(source);
    if (typeof pattern === 'string') throw new Error(withHint(pattern, source));
    built += pattern.stepsPerUnit;
    if (built > maxPatternSteps)
      throw new Error(`the patterns together have more than ${maxPatternSteps} steps`);
    const test = (text: string): boolean => {
      spent += pattern.stepsPerUnit * text.length;
      if (spent > maxSteps)
        throw new SchemaCostError('the patterns of the schema take too long on this answer');
      return pattern.test(text);
    };
    return { test, toString: () => `/${source}/` };
  };
  return { regExp: Object.assign(make, { code: 'linearRegExp' }), begin: () => (spent = 0) };
}

function nativePatterns(): SchemaPatterns {
  const make = (source: string): Tester => {
    const pattern = nativePattern(source);
    if (typeof pattern === 'string') throw new Error(pattern);
    const test = (text: string): boolean => {
      const found = searchNative(pattern, text);
      if ('problem' in found) throw new SchemaCostError(found.problem);
      return found.match !== null;
    };
    return { test, toString: () => `/${source}/` };
  };
  return { regExp: Object.assign(make, { code: 'nativeRegExp' }), begin: () => {} };
}

/** The linear engine's complaint, with the way out where there is one. */
function withHint(problem: string, source: string): string {
  return typeof nativePattern(source) === 'string' ? problem : `${problem}; engine: js takes it`;
}
