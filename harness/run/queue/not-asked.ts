/** A cell that came back unasked: as an attempt that we cut ourselves, of which nothing is written down. */
import type { AttemptContext, Cell, Sample, Target } from '../../types.ts';
import { failure } from '../failure.ts';

export function notAsked(target: Target, cell: Cell, context: AttemptContext): Sample {
  const { attempt, leg, block, turn, warmup, tSched } = context;
  return {
    v: 1,
    cell: cell.key,
    suite: cell.suite,
    test: cell.test,
    language: cell.language,
    variant: cell.variant,
    target: target.id,
    repeat: cell.repeat,
    attempt,
    leg,
    phase: 'quality',
    warmup,
    concurrency: target.concurrency,
    block,
    turn,
    status: 'cancelled',
    http: null,
    timing: {
      tSched,
      tCall: null,
      t0: null,
      tHdr: null,
      tEvt1: null,
      tOut1: null,
      tAns1: null,
      tLast: null,
      tDone: null,
    },
    chunks: 0,
    reads: 0,
    iclMs: [],
    usage: { prompt: null, completion: null, reasoning: null, cached: null, source: 'none' },
    answerChars: 0,
    reasoningChars: 0,
    bytes: 0,
    finishRaw: null,
    flags: [],
    reusedSocket: null,
    modelEcho: null,
    outcome: {
      kind: 'failed',
      failure: failure('cancelled', 'cancelled', 'no worker asked it'),
      partial: '',
    },
    endedAt: Date.now(),
  };
}
