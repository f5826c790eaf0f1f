import type { Check } from '../../types.ts';
import { isCostlySchema, judgeJson, schemaParams, schemaProblem, schemaWarnings } from './json-judge.ts';

/** Exactly one JSON object or array stands somewhere in the answer. */
export const containsJson: Check = {
  name: 'contains-json',
  summary: '1 if exactly one JSON object or array stands in the answer (and satisfies `schema`)',
  params: { type: 'object', additionalProperties: false, properties: schemaParams },
  threshold: 1,
  files: ['schema'],
  problem: schemaProblem,
  warnings: schemaWarnings,
  isCostly: isCostlySchema,
  run: (input) => judgeJson('contains-json', 'embedded', input),
};
