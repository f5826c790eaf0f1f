/** Rules by JSON Pointer (RFC 6901, with `*` for any index): which parts of a value are compared how, and who wins. */
import type { Json } from '../../types.ts';

export type FieldKind = 'exact' | 'number' | 'text' | 'chrf' | 'set' | 'ignore';

export interface FieldRule {
  /** Steps of the pointer; `*` stands for any index. */
  readonly steps: readonly string[];
  readonly kind: FieldKind;
  readonly weight: number;
  readonly absTol: number;
  readonly relTol: number;
  readonly coerce: boolean;
}

/** Steps of an RFC 6901 pointer, or null when it is none. */
export function pointerSteps(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/u.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** One step of a JSON Pointer, escaped. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The rule of a path: the longest that leads to it or above it, the later of equals. */
export function ruleFor(path: readonly string[], rules: readonly FieldRule[], coerce: boolean): FieldRule {
  let best: FieldRule | null = null;
  for (const rule of rules) {
    if (leadsAbove(rule.steps, path) && rule.steps.length >= (best?.steps.length ?? 0)) best = rule;
  }
  const plain: FieldRule = {
    steps: [],
    kind: 'exact',
    weight: 1,
    absTol: 0,
    relTol: 0,
    coerce,
  };
  if (best === null) return plain;
  // A set says how an array is paired; its items are compared as they would be without it.
  return best.kind === 'set' && best.steps.length < path.length ? { ...best, kind: 'exact' } : best;
}

/** Whether a rule speaks of something below this path. */
export function hasRuleBelow(path: readonly string[], rules: readonly FieldRule[]): boolean {
  return rules.some(
    ({ steps }) => steps.length > path.length && leadsAbove(steps.slice(0, path.length), path),
  );
}

function leadsAbove(steps: readonly string[], path: readonly string[]): boolean {
  return (
    steps.length <= path.length &&
    steps.every((step, index) => step === path[index] || (step === '*' && /^\d+$/u.test(path[index] ?? '')))
  );
}

/** Whether the steps of a rule name exactly this path. */
export function leadsTo(steps: readonly string[], path: readonly string[]): boolean {
  return steps.length === path.length && leadsAbove(steps, path);
}

/** A path as a pointer. */
export function pointerOf(path: readonly string[]): string {
  return path.map((step) => `/${escapePointer(step)}`).join('');
}

/** The part of a value that each path under the steps names; for checking rules against a reference. */
export function partsAt(value: Json, steps: readonly string[]): readonly Json[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*' && Array.isArray(value)) return value.flatMap((item: Json) => partsAt(item, rest));
  const part = new Map<string, Json>(Object.entries(value)).get(step);
  return part === undefined ? [] : partsAt(part, rest);
}
