import type { Check, JsonObject } from '../../types.ts';
import type { Pattern } from './pattern.ts';
import { answerPattern, searchAnswer, searchedForm } from './search-answer.ts';

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
    const signature = `regex|engine:re2|${searchedForm}`;
    const pattern = patternOf(input.params);
    const found =
      typeof pattern === 'string' ? { problem: pattern } : searchAnswer(pattern, input.text, input.language);
    if ('problem' in found) {
      return { status: 'unscored', why: 'check-error', because: found.problem, details: { signature } };
    }
    const { match, searched } = found;
    return {
      status: 'scored',
      score: match === null ? 0 : 1,
      because: match === null ? 'the pattern does not match' : 'the pattern matches',
      details: {
        signature,
        ...(match === null ? {} : { offset: Array.from(searched.slice(0, match.start)).length }),
      },
    };
  },
};

function patternOf(params: JsonObject): Pattern | string {
  const { value, flags } = params;
  return answerPattern(typeof value === 'string' ? value : '', typeof flags === 'string' ? flags : '');
}
