import type { Check, Json, JsonObject } from '../../types.ts';
import { compareJson, matchShare, type FieldResult } from './json-compare.ts';
import { partsAt, pointerSteps, type FieldKind, type FieldRule } from './json-fields.ts';
import { acceptsStage, type JsonMode } from './json-extract.ts';
import { nfcOf } from './json-nfc.ts';
import { notAccepted, readJson } from './json-judge.ts';
import { isObject } from './schema-limits.ts';

const kinds = ['exact', 'number', 'text', 'chrf', 'set', 'ignore'] as const;
/** Leaves shown in the details; all are counted. */
const maxShown = 100;

/** The answer's JSON against a reference, leaf by leaf. */
export const equalsJson: Check = {
  name: 'equals-json',
  summary: '1 if the JSON of the answer has the reference’s values; between, the share of leaves that match',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: { description: 'The reference: any JSON value.' },
      mode: {
        enum: ['auto', 'strict', 'fenced', 'embedded'],
        description: 'Where the JSON may stand. Default embedded.',
      },
      fields: {
        type: 'object',
        description:
          'How parts are compared, by JSON Pointer; `*` is any index. A rule holds for all below it.',
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
      },
      extra: {
        enum: ['count', 'ignore'],
        description: 'Whether leaves only the answer has count against it. Default count.',
      },
      coerce: { type: 'boolean', description: 'Whether "5" may stand for 5. Default false.' },
    },
  },
  threshold: 1,
  problem: (params) => fieldsProblem(params),
  run: (input) => {
    const mode = modeOf(input.params, input.jsonRequested);
    const countExtra = input.params['extra'] !== 'ignore';
    const signature = `equals-json|mode:${mode}|extra:${countExtra ? 'count' : 'ignore'}`;
    const reference = input.params['value'] ?? null;
    const read = readJson(input, { objectsOnly: isObject(reference), signature });
    if ('status' in read) return read;
    const details: JsonObject = { signature, stage: read.stage, warnings: [...read.warnings] };
    if (read.value === undefined || !acceptsStage(mode, read.stage)) {
      return { status: 'scored', score: 0, because: notAccepted(read, mode), details };
    }
    const results = compareJson(reference, read.value, {
      rules: rulesOf(input.params),
      countExtra,
      coerce: input.params['coerce'] === true,
      language: input.language,
    });
    const score = matchShare(results);
    return {
      status: 'scored',
      score,
      because: becauseOf(results),
      details: { ...details, ...evidence(results) },
    };
  },
};

function modeOf(params: JsonObject, jsonRequested: boolean): JsonMode {
  const mode = params['mode'];
  if (mode === 'auto') return jsonRequested ? 'strict' : 'fenced';
  return mode === 'strict' || mode === 'fenced' ? mode : 'embedded';
}

function rulesOf(params: JsonObject): readonly FieldRule[] {
  const fields = params['fields'];
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
      coerce: typeof rule['coerce'] === 'boolean' ? rule['coerce'] : params['coerce'] === true,
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
function fieldsProblem(params: JsonObject): string | null {
  const value = params['value'];
  if (value === undefined) return 'value is missing';
  const fields = params['fields'];
  const rules = rulesOf(params);
  for (const [index, pointer] of Object.keys(isObject(fields) ? fields : {}).entries()) {
    const rule = rules[index];
    if (pointerSteps(pointer) === null)
      return `fields: "${pointer}" is no JSON Pointer: write it like /items/*/name`;
    if (rule === undefined) continue;
    const parts = partsAt(nfcOf(value), rule.steps);
    // What is ignored may stand in answers only.
    if (parts.length === 0 && rule.kind !== 'ignore') return `fields: "${pointer}" leads nowhere in value`;
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

function evidence(results: readonly FieldResult[]): JsonObject {
  const shown = [
    ...results.filter(({ match }) => match < 1),
    ...results.filter(({ match }) => match === 1),
  ].slice(0, maxShown);
  return {
    fields: shown.map((result) => ({ ...result, match: Math.round(result.match * 1e6) / 1e6 })),
    leaves: results.filter(({ why }) => why !== 'extra').length,
    matched: results.filter(({ match }) => match === 1).length,
    extra: results.filter(({ why }) => why === 'extra').length,
  };
}

function becauseOf(results: readonly FieldResult[]): string {
  const wrong = results.filter(({ match }) => match < 1);
  if (wrong.length === 0) return 'all values match';
  const named = wrong
    .slice(0, 3)
    .map(({ pointer, why }) => `${pointer === '' ? 'the root' : pointer} (${why})`);
  return `${wrong.length} of ${results.length} differ: ${named.join(', ')}${wrong.length > 3 ? ' …' : ''}`;
}
