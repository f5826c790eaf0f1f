import type { Check, Times } from '../../types.ts';

/** What can be bounded: by its short name, the field and the words for it. */
const measures: Readonly<Record<string, { readonly field: keyof Times; readonly words: string }>> = {
  ttft: { field: 'ttftMs', words: 'time to first token' },
  tta: { field: 'ttaMs', words: 'time to answer' },
  tpot: { field: 'tpotMs', words: 'time per output token' },
  e2e: { field: 'e2eMs', words: 'end-to-end time' },
};

/** The answer came in time. A cassette's times are those of the cassette, so replayed answers are not judged. */
export const latency: Check = {
  name: 'latency',
  summary: '1 if a time of the answer is at most `max_ms`; replayed answers have no times',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['max_ms'],
    properties: {
      max_ms: { type: 'number', exclusiveMinimum: 0, description: 'Milliseconds at most.' },
      of: {
        enum: Object.keys(measures),
        description:
          'Which time: to first token (ttft), to the first text or tool call that is not reasoning (tta), per output token after the first (tpot), or of the whole answer (e2e). Default e2e.',
      },
    },
  },
  threshold: 1,
  run: ({ params, times }) => {
    const of = typeof params['of'] === 'string' ? params['of'] : 'e2e';
    const measure = measures[of];
    const most = params['max_ms'];
    if (measure === undefined || typeof most !== 'number') throw new Error(`there is no time ${of}`);
    const signature = `latency|of:${of}`;
    const ms = times?.[measure.field] ?? null;
    if (ms === null) {
      const because =
        times === null
          ? 'the times of this answer are not those of a server'
          : `the stream tells nothing of the ${measure.words}`;
      return { status: 'unscored', why: 'not-applicable', because, details: { signature } };
    }
    return {
      status: 'scored',
      score: ms <= most ? 1 : 0,
      because: `${measure.words} ${ms} ms, wanted at most ${most} ms`,
      details: { signature, ms },
    };
  },
};
