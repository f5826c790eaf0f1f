/** What a suite writes under `fields`: how the parts of a reference are compared, and what is wrong with it. */
import type { Json, JsonObject } from '../../types.ts';
import { compareJson } from './json-compare.ts';
import { partsAt, pointerSteps, type FieldKind, type FieldRule } from './json-fields.ts';
import { nfcOf } from './json-nfc.ts';
import { isObject } from './schema-limits.ts';

const kinds = ['exact', 'number', 'text', 'chrf', 'set', 'ignore'] as const;

/** JSON Schema of `fields`. */
export const fieldsParam: JsonObject = {
  type: 'object',
  description: 'How parts are compared, by JSON Pointer; `*` is any index. A rule holds for all below it.',
  additionalProperties: {
    oneOf: [
      { enum: [...kinds] },
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          kind: { enum: [...kinds] },
          weight: { type: 'number', minimum: 0 },
          abs_tol: { type: 'number', minimum: 0 },
          rel_tol: { type: 'number', minimum: 0 },
          coerce: { type: 'boolean' },
        },
      },
    ],
  },
};

/** The rules of `fields`, in their order. `coerce` holds where a rule does not say. */
export function rulesOf(fields: Json | undefined, coerce: boolean): readonly FieldRule[] {
  if (!isObject(fields)) return [];
  return Object.entries(fields).map(([pointer, given]): FieldRule => {
    const rule: JsonObject = isObject(given) ? given : { kind: given };
    const number = (name: string, fallback: number): number => {
      const value = rule[name];
      return typeof value === 'number' ? value : fallback;
    };
    const absTol = number('abs_tol', 0);
    const relTol = number('rel_tol', 0);
    const kind = kinds.find((one) => one === rule['kind']);
    return {
      steps: pointerSteps(pointer.normalize('NFC')) ?? [],
      kind: kind ?? (absTol > 0 || relTol > 0 ? 'number' : 'exact'),
      weight: number('weight', 1),
      absTol,
      relTol,
      coerce: typeof rule['coerce'] === 'boolean' ? rule['coerce'] : coerce,
    };
  });
}

const fits: Readonly<Record<FieldKind, (part: Json) => boolean>> = {
  exact: () => true,
  ignore: () => true,
  number: (part) => typeof part === 'number',
  text: (part) => typeof part === 'string',
  chrf: (part) => typeof part === 'string',
  set: (part) => Array.isArray(part),
};
const wants: Readonly<Record<FieldKind, string>> = {
  exact: '',
  ignore: '',
  number: 'a number',
  text: 'a string',
  chrf: 'a string',
  set: 'a list',
};

/** A pointer that is none, one that leads nowhere in the reference, or a kind that does not fit what is there. */
export function fieldsProblem(value: Json, fields: Json | undefined, whole: string): string | null {
  const rules = rulesOf(fields, false);
  for (const [index, pointer] of Object.keys(isObject(fields) ? fields : {}).entries()) {
    const rule = rules[index];
    if (pointerSteps(pointer) === null)
      return `fields: "${pointer}" is no JSON Pointer: write it like /items/*/name`;
    if (rule === undefined) continue;
    const parts = partsAt(nfcOf(value), rule.steps);
    // What is ignored may stand in answers only.
    if (parts.length === 0 && rule.kind !== 'ignore') return `fields: "${pointer}" leads nowhere in ${whole}`;
    if (parts.length > 0 && !parts.some((part) => holds(part, rule.kind))) {
      return `fields: "${pointer}" is of kind ${rule.kind} and leads to no ${wants[rule.kind].replace(/^an? /u, '')}`;
    }
  }
  const itself = compareJson(value, value, { rules, countExtra: false, coerce: false, language: 'und' });
  return itself.some(({ weight }) => weight > 0) ? null : 'fields: nothing is left to compare';
}

/** Whether a part, or a leaf below it, is what the kind compares. */
function holds(part: Json, kind: FieldKind): boolean {
  if (fits[kind](part)) return true;
  if (kind === 'set' || typeof part !== 'object' || part === null) return false;
  const below: readonly Json[] = Object.values(part);
  return below.some((one) => holds(one, kind));
}
