import type { Check, Usage } from '../../types.ts';
import { boundParams, boundsOf, boundsProblem } from './bounds.ts';

/** Which tokens, from the server's own count; null = it did not say. */
const counts: Readonly<Record<string, (usage: Usage) => number | null>> = {
  completion: ({ completion }) => completion,
  prompt: ({ prompt }) => prompt,
  total: ({ prompt, completion }) => (prompt === null || completion === null ? null : prompt + completion),
  reasoning: ({ reasoning }) => reasoning,
};

/** The server counted as many tokens as wanted. Never an estimate: tokenizers differ more than the bounds do. */
export const tokens: Check = {
  name: 'tokens',
  summary: '1 if the server’s token count lies inside the bounds',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      of: {
        enum: Object.keys(counts),
        description:
          'Which tokens: of the answer (completion, its reasoning included), of the prompt, of both (total), or of the reasoning. Default completion.',
      },
      ...boundParams,
    },
  },
  threshold: 1,
  problem: boundsProblem,
  run: ({ params, usage, text, toolCalls }) => {
    const of = typeof params['of'] === 'string' ? params['of'] : 'completion';
    const count = counts[of];
    if (count === undefined) throw new Error(`there are no tokens ${of}`);
    const signature = `tokens|of:${of}`;
    const found = count(usage);
    // No tokens for a text, or for a prompt, is a server that does not count.
    const uncounted =
      found === 0 && of !== 'reasoning' && (of === 'prompt' || text !== '' || toolCalls.length > 0);
    if (found === null || uncounted) {
      const because = `the server counted no ${of === 'total' ? 'prompt or completion' : of} tokens`;
      return { status: 'unscored', why: 'not-applicable', because, details: { signature } };
    }
    const bounds = boundsOf(params);
    return {
      status: 'scored',
      score: bounds.holds(found) ? 1 : 0,
      because: `${found} ${of} tokens, wanted ${bounds.words}`,
      details: { signature, count: found, source: usage.source },
    };
  },
};
