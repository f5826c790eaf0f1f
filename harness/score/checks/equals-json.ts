import type { Check, JsonObject } from '../../types.ts';
import { compareJson, matchShare, type FieldResult } from './json-compare.ts';
import { acceptsStage, type JsonMode } from './json-extract.ts';
import { notAccepted, readJson } from './json-judge.ts';
import { fieldsParam, fieldsProblem, rulesOf } from './json-rules.ts';
import { isObject } from './schema-limits.ts';
import { maxPointer } from './schema-violation.ts';
import { shortened, shortLine } from './short-text.ts';

/** Leaves shown in the details; all are counted. */
const maxShown = 100;
/** UTF-16 units of a pointer in a sentence. */
const maxNamed = 100;

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
      fields: fieldsParam,
      extra: {
        enum: ['count', 'ignore'],
        description: 'Whether leaves only the answer has count against it. Default count.',
      },
      coerce: { type: 'boolean', description: 'Whether "5" may stand for 5. Default false.' },
    },
  },
  threshold: 1,
  problem: ({ value, fields }) =>
    value === undefined ? 'value is missing' : fieldsProblem(value, fields, 'value'),
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
    const coerce = input.params['coerce'] === true;
    const results = compareJson(reference, read.value, {
      rules: rulesOf(input.params['fields'], coerce),
      countExtra,
      coerce,
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

function evidence(results: readonly FieldResult[]): JsonObject {
  const shown = [
    ...results.filter(({ match }) => match < 1),
    ...results.filter(({ match }) => match === 1),
  ].slice(0, maxShown);
  return {
    fields: shown.map((result) => ({
      ...result,
      pointer: shortened(result.pointer, maxPointer),
      match: Math.round(result.match * 1e6) / 1e6,
    })),
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
    .map(({ pointer, why }) => `${pointer === '' ? 'the root' : shortLine(pointer, maxNamed)} (${why})`);
  return `${wrong.length} of ${results.length} differ: ${named.join(', ')}${wrong.length > 3 ? ' …' : ''}`;
}
