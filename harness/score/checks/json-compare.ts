/**
 * Field by field comparison of two JSON values. The leaves of the reference carry the weights: scalars, and empty objects
 * and arrays. Which rule a leaf obeys is said by the most specific of the given pointers that leads to it or above it.
 */
import type { Json, LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { wholeSide } from './comparable.ts';
import { bestChrfStats, chrfDefaults, chrfOf } from './chrf-score.ts';
import { hasRuleBelow, leadsTo, pointerOf, ruleFor, type FieldKind, type FieldRule } from './json-fields.ts';
import { nfcOf } from './json-nfc.ts';
import { isObject } from './schema-limits.ts';

export interface CompareOptions {
  readonly rules: readonly FieldRule[];
  readonly countExtra: boolean;
  readonly coerce: boolean;
  readonly language: LanguageTag;
}

/** One leaf of the reference, or one that only the answer has. */
export interface FieldResult {
  readonly pointer: string;
  readonly kind: FieldKind;
  /** 0..1 */
  readonly match: number;
  readonly weight: number;
  readonly why: 'equal' | 'value' | 'type' | 'missing' | 'extra';
}

/** Pairs tried in one `set` among the items that have no equal: above this nobody waits for it. */
export const maxSetPairs = 40_000;

/**
 * Results for every leaf of the reference and, where they count, for leaves only the answer has. Keys, strings and the
 * steps of rules are compared in NFC.
 * @throws RangeError when a `set` leaves more than 40,000 pairs to try
 */
export function compareJson(
  reference: Json,
  answer: Json | undefined,
  options: CompareOptions,
): FieldResult[] {
  const rules = options.rules.map((rule) => ({
    ...rule,
    steps: rule.steps.map((step) => step.normalize('NFC')),
  }));
  const given = answer === undefined ? undefined : nfcOf(answer);
  return compareAt([], nfcOf(reference), given, { ...options, rules });
}

/** Matched weight over all weight; 1 when nothing was to be compared. */
export function matchShare(results: readonly FieldResult[]): number {
  const all = results.reduce((sum, { weight }) => sum + weight, 0);
  return all === 0 ? 1 : results.reduce((sum, { weight, match }) => sum + weight * match, 0) / all;
}

function compareAt(
  path: readonly string[],
  reference: Json,
  answer: Json | undefined,
  options: CompareOptions,
): FieldResult[] {
  const rule = ruleFor(path, options.rules, options.coerce);
  if (rule.kind === 'ignore' && !hasRuleBelow(path, options.rules)) return [];
  if (Array.isArray(reference) && reference.length > 0) {
    if (!Array.isArray(answer))
      return unmatched(path, reference, answer === undefined ? 'missing' : 'type', options);
    const own = options.rules.find((one) => one.kind === 'set' && leadsTo(one.steps, path));
    if (own !== undefined) return compareSet(path, reference, answer, options);
    const matched = reference.flatMap((item, index) =>
      compareAt([...path, String(index)], item, answer[index], options),
    );
    return [
      ...matched,
      ...answer
        .slice(reference.length)
        .flatMap((item, index) => extra([...path, String(reference.length + index)], item, options)),
    ];
  }
  if (isObject(reference) && Object.keys(reference).length > 0) {
    if (!isObject(answer))
      return unmatched(path, reference, answer === undefined ? 'missing' : 'type', options);
    const matched = Object.entries(reference).flatMap(([key, item]) =>
      compareAt([...path, key], item, Object.hasOwn(answer, key) ? answer[key] : undefined, options),
    );
    const beyond = Object.entries(answer).filter(([key]) => !Object.hasOwn(reference, key));
    return [...matched, ...beyond.flatMap(([key, item]) => extra([...path, key], item, options))];
  }
  return compareLeaf(path, reference, answer, rule, options);
}

function compareLeaf(
  path: readonly string[],
  reference: Json,
  answer: Json | undefined,
  rule: FieldRule,
  options: CompareOptions,
): FieldResult[] {
  if (rule.kind === 'ignore') return [];
  const result = (match: number, why: FieldResult['why']): FieldResult => ({
    pointer: pointerOf(path),
    kind: rule.kind,
    match,
    weight: rule.weight,
    why,
  });
  if (answer === undefined) return [result(0, 'missing')];
  if (typeof reference === 'object' && reference !== null) {
    const alike = Array.isArray(reference) ? Array.isArray(answer) : isObject(answer);
    if (!alike) return [result(0, 'type')];
    return [result(1, 'equal'), ...extraBelow(path, answer, options)];
  }
  const same = rule.coerce ? coerced(answer, reference, options.language) : answer;
  if (typeof same !== typeof reference || (same === null) !== (reference === null))
    return [result(0, 'type')];
  const match = leafMatch(reference, same, rule, options.language);
  return [result(match, match === 1 ? 'equal' : 'value')];
}

function leafMatch(reference: Json, answer: Json, rule: FieldRule, language: LanguageTag): number {
  if (typeof reference === 'number' && typeof answer === 'number') {
    if (rule.kind !== 'number') return reference === answer ? 1 : 0;
    const tolerance = Math.max(rule.absTol, rule.relTol * Math.abs(reference));
    // Decimals are meant, not their nearest doubles: 1.1 lies within 0.1 of 1.
    const rounding =
      tolerance === 0 ? 0 : 4 * Number.EPSILON * Math.max(Math.abs(reference), Math.abs(answer));
    return Math.abs(reference - answer) <= tolerance + rounding ? 1 : 0;
  }
  if (typeof reference === 'string' && typeof answer === 'string') {
    if (rule.kind === 'chrf') {
      const stats = bestChrfStats(answer, [reference], chrfDefaults);
      return Math.min(1, chrfOf(stats, chrfDefaults.beta) / 100);
    }
    if (rule.kind === 'text') {
      return wholeSide(answer, 'lenient', language) === wholeSide(reference, 'lenient', language) ? 1 : 0;
    }
  }
  return reference === answer ? 1 : 0;
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

/** The answer as the reference's type where it says the same: `"5"`, `"٥"` for 5, `"٣٫٥"` for 3.5, 5 for `"5"`, `"true"` for true. */
function coerced(answer: Json, reference: Json, language: LanguageTag): Json {
  if (typeof reference === 'number' && typeof answer === 'string') {
    const text = normalize(answer, ['trim', 'digits'], language).replace('٫', '.');
    return jsonNumber.test(text) ? Number(text) : answer;
  }
  if (typeof reference === 'boolean' && typeof answer === 'string') {
    return answer.trim() === 'true' ? true : answer.trim() === 'false' ? false : answer;
  }
  const scalar = typeof answer === 'number' || typeof answer === 'boolean';
  return typeof reference === 'string' && scalar ? String(answer) : answer;
}

/**
 * Pairs items by their best match, equal ones first; order plays no part. Results keep the reference's pointers.
 * @throws RangeError when too many items are left to try each with each
 */
function compareSet(
  path: readonly string[],
  reference: readonly Json[],
  answer: readonly Json[],
  options: CompareOptions,
): FieldResult[] {
  const partner = equalPairs(reference, answer);
  const used = new Set(partner.values());
  const leftOver = reference.flatMap((item, index) => (partner.has(index) ? [] : [{ item, index }]));
  const others = answer.flatMap((item, index) => (used.has(index) ? [] : [{ item, index }]));
  if (leftOver.length * others.length > maxSetPairs) {
    throw new RangeError(`${leftOver.length} against ${others.length} differing items are too many to pair`);
  }
  const pairs = leftOver.flatMap(({ item, index }) =>
    others.map((other) => ({
      index,
      other: other.index,
      share: matchShare(compareAt([...path, String(index)], item, other.item, options)),
    })),
  );
  for (const { index, other, share } of pairs.toSorted((a, b) => b.share - a.share)) {
    if (share === 0 || partner.has(index) || used.has(other)) continue;
    partner.set(index, other);
    used.add(other);
  }
  const matched = reference.flatMap((item, index) => {
    const other = partner.get(index);
    const at = [...path, String(index)];
    return other === undefined
      ? unmatched(at, item, 'missing', options)
      : compareAt(at, item, answer[other], options);
  });
  return [
    ...matched,
    ...answer.flatMap((item, index) =>
      used.has(index) ? [] : extra([...path, String(index)], item, options),
    ),
  ];
}

function equalPairs(reference: readonly Json[], answer: readonly Json[]): Map<number, number> {
  const free = new Map<string, number[]>();
  for (const [index, item] of [...answer.entries()].toReversed()) {
    const text = JSON.stringify(item);
    const list = free.get(text);
    if (list === undefined) free.set(text, [index]);
    else list.push(index);
  }
  const pairs = new Map<number, number>();
  for (const [index, item] of reference.entries()) {
    const other = free.get(JSON.stringify(item))?.pop();
    if (other !== undefined) pairs.set(index, other);
  }
  return pairs;
}

/** All leaves of a part of the reference, none of them matched. */
function unmatched(
  path: readonly string[],
  reference: Json,
  why: 'missing' | 'type',
  options: CompareOptions,
): FieldResult[] {
  return leaves(path, reference).flatMap((leaf) => {
    const { kind, weight } = ruleFor(leaf, options.rules, options.coerce);
    return kind === 'ignore' ? [] : [{ pointer: pointerOf(leaf), kind, match: 0, weight, why }];
  });
}

function extra(path: readonly string[], answer: Json, options: CompareOptions): FieldResult[] {
  if (!options.countExtra) return [];
  return leaves(path, answer).flatMap((leaf) => {
    const { kind, weight } = ruleFor(leaf, options.rules, options.coerce);
    return kind === 'ignore'
      ? []
      : [{ pointer: pointerOf(leaf), kind, match: 0, weight, why: 'extra' as const }];
  });
}

function extraBelow(path: readonly string[], answer: Json, options: CompareOptions): FieldResult[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([key, item]) => extra([...path, key], item, options));
}

/** Paths of the leaves of a value. */
function leaves(path: readonly string[], value: Json): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const parts: [string, Json][] = Object.entries(value);
  return parts.length === 0 ? [path] : parts.flatMap(([key, part]) => leaves([...path, key], part));
}
