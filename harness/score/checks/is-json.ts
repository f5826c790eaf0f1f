import type { Check } from '../../types.ts';
import type { JsonMode } from './json-extract.ts';
import { isCostlySchema, judgeJson, schemaParams, schemaProblem, schemaWarnings } from './json-judge.ts';

/** The whole answer is JSON; in a code fence too, unless the server had been asked for JSON. */
export const isJson: Check = {
  name: 'is-json',
  summary: '1 if the answer is JSON (and satisfies `schema`)',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      mode: {
        enum: ['auto', 'strict', 'fenced'],
        description:
          'strict: nothing but JSON. fenced: one code fence is fine too. auto: strict when the request asked for JSON, else fenced. Default auto.',
      },
      ...schemaParams,
    },
  },
  threshold: 1,
  files: ['schema'],
  problem: schemaProblem,
  warnings: schemaWarnings,
  isCostly: isCostlySchema,
  run: (input) => {
    const auto: JsonMode = input.jsonRequested ? 'strict' : 'fenced';
    const wanted = input.params['mode'];
    return judgeJson('is-json', wanted === 'strict' || wanted === 'fenced' ? wanted : auto, input);
  },
};
