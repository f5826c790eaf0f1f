import type { Check, JsonObject } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { compilePattern, type Pattern } from './pattern.ts';

const maxSubject = 1024 * 1024;

/** A pattern matches somewhere in the answer. */
export const regex: Check = {
  name: 'regex',
  summary: '1 if the pattern (RE2 syntax, linear time) matches anywhere in the answer',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: { type: 'string', minLength: 1, description: 'The pattern. Case and \\p{…} are Unicode’s.' },
      flags: {
        type: 'string',
        pattern: '^[ims]*$',
        description: 'i: case aside, m: ^ and $ at lines, s: . takes line ends.',
      },
    },
  },
  threshold: 1,
  problem: (params) => {
    const pattern = patternOf(params);
    return typeof pattern === 'string' ? pattern : null;
  },
  run: (input) => {
    const signature = 'regex|engine:re2|norm:strict';
    const pattern = patternOf(input.params);
    if (typeof pattern === 'string') {
      return { status: 'unscored', why: 'check-error', because: pattern, details: { signature } };
    }
    const text = normalize(input.text, 'strict', input.language);
    if (Buffer.byteLength(text) > maxSubject) {
      return {
        status: 'unscored',
        why: 'check-error',
        because: 'the answer is larger than 1 MiB',
        details: { signature },
      };
    }
    const match = pattern.first(text);
    return {
      status: 'scored',
      score: match === null ? 0 : 1,
      because: match === null ? 'the pattern does not match' : 'the pattern matches',
      details: {
        signature,
        ...(match === null ? {} : { offset: Array.from(text.slice(0, match.start)).length }),
      },
    };
  },
};

function patternOf(params: JsonObject): Pattern | string {
  const { value, flags } = params;
  return compilePattern(
    typeof value === 'string' ? value.normalize('NFC') : '',
    typeof flags === 'string' ? flags : '',
  );
}
