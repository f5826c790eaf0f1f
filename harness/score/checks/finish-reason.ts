import type { Check } from '../../types.ts';
import { references, valueParam } from './comparable.ts';

/** The server ended the answer for an expected reason. */
export const finishReason: Check = {
  name: 'finish-reason',
  summary: '1 if the server ended the answer for one of the given reasons',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: { value: { ...valueParam, description: 'Such as stop, length, tool_calls. Default stop.' } },
  },
  threshold: 1,
  run: (input) => {
    const wanted = input.params['value'] === undefined ? ['stop'] : references(input.params);
    const details = { signature: 'finish-reason', finish: input.finish };
    if (input.finish === null) {
      return {
        status: 'unscored',
        why: 'not-applicable',
        because: 'the server gave no finish reason',
        details,
      };
    }
    const score = wanted.includes(input.finish) ? 1 : 0;
    return {
      status: 'scored',
      score,
      because: `ended with ${input.finish}, wanted ${wanted.join(' or ')}`,
      details,
    };
  },
};
