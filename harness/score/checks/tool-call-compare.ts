/** The calls an answer made against those expected: paired by name, then so that the arguments match best. */
import type { Json, JsonObject, LanguageTag } from '../../types.ts';
import { compareJson, matchShare, maxSetPairs, type FieldResult } from './json-compare.ts';
import { rulesOf } from './json-rules.ts';
import { pairFreely, pairInOrder } from './pair-calls.ts';
import { isObject } from './schema-limits.ts';
import type { CallFault, ReadCall } from './tool-arguments.ts';

export interface ExpectedCall {
  readonly name: string;
  /** null: any arguments that the tool takes. */
  readonly wanted: JsonObject | null;
  readonly fields: Json | undefined;
}

/** The calls of `value`; none for `none`. */
export function expectedCalls(params: JsonObject): readonly ExpectedCall[] {
  const value = params['value'];
  return (Array.isArray(value) ? value : [value]).flatMap((call: Json | undefined) => {
    if (!isObject(call) || typeof call['name'] !== 'string') return [];
    const wanted = call['arguments'];
    return [{ name: call['name'], wanted: isObject(wanted) ? wanted : null, fields: call['fields'] }];
  });
}

/** What became of one expected call, or a call that nobody expected. */
export interface CallResult {
  readonly name: string;
  readonly expected: boolean;
  /** Position among the calls made; null: it was not made. */
  readonly at: number | null;
  /** 0..1 */
  readonly score: number;
  readonly why: 'match' | 'arguments' | 'missing' | 'extra' | CallFault;
  readonly call: ReadCall | null;
  /** Arguments that do not match. */
  readonly wrong: readonly FieldResult[];
}

export interface CompareCallsOptions {
  /** The calls must be made in the order in which they are expected. */
  readonly inOrder: boolean;
  readonly ignoresExtra: boolean;
  readonly language: LanguageTag;
}

/**
 * One result per expected call, in order, then one per call beyond them unless those are ignored.
 * @throws RangeError when more than 40,000 pairs were to be tried
 */
export function compareCalls(
  expected: readonly ExpectedCall[],
  made: readonly ReadCall[],
  { inOrder, ignoresExtra, language }: CompareCallsOptions,
): readonly CallResult[] {
  if (expected.length * made.length > maxSetPairs)
    throw new RangeError(`${made.length} calls are too many to compare with ${expected.length}`);
  const pairs = expected.map((one) =>
    made.map((call, at) => (call.name === one.name ? compared(one, call, at, language) : null)),
  );
  const weights = pairs.map((row) => row.map((pair) => pair?.score ?? null));
  const partners = inOrder ? pairInOrder(weights) : pairFreely(weights);
  const taken = new Set(partners);
  const missing = { expected: true, at: null, score: 0, why: 'missing', call: null, wrong: [] } as const;
  const results = expected.map(
    ({ name }, row): CallResult => pairs[row]?.[partners[row] ?? -1] ?? { name, ...missing },
  );
  const beyond = made.flatMap((call, at): CallResult[] =>
    taken.has(at)
      ? []
      : [{ name: call.name, expected: false, at, score: 0, why: call.fault ?? 'extra', call, wrong: [] }],
  );
  return ignoresExtra ? results : [...results, ...beyond];
}

function compared(
  { wanted, fields }: ExpectedCall,
  call: ReadCall,
  at: number,
  language: LanguageTag,
): CallResult {
  const { name, fault } = call;
  const result = { name, expected: true, at, call, wrong: [] };
  if (fault !== null || call.arguments === null) return { ...result, score: 0, why: fault ?? 'not-object' };
  if (wanted === null) return { ...result, score: 1, why: 'match' };
  const rules = rulesOf(fields, false);
  const leaves = compareJson(wanted, call.arguments, { rules, countExtra: true, coerce: false, language });
  const score = matchShare(leaves);
  const wrong = leaves.filter(({ match }) => match < 1);
  return { ...result, score, why: score === 1 ? 'match' : 'arguments', wrong };
}
