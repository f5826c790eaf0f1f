/** What was spent on answers that were not finished: reported apart, because it is in no time and no count of tokens. */
import type { Note, Sample } from '../types.ts';
import { counted, listed } from './sentence.ts';

export interface Wasted {
  /** Attempts that failed after some of their answer had come. */
  readonly attempts: number;
  /** From our call to the last sign of the server. */
  readonly ms: number;
  /** Completion tokens by the server's count, where it had said one by then. */
  readonly tokens: number;
  /** Attempts without such a count. */
  readonly uncounted: number;
}

/** Of one target's records; a line that stands in the file twice counts once. */
function wastedBy(target: string, samples: readonly Sample[]): Wasted {
  const cut = samples.filter(
    (sample) =>
      sample.target === target && sample.outcome.kind === 'failed' && sample.chunks > 0 && !sample.warmup,
  );
  const each = [
    ...new Map(cut.map((sample) => [`${sample.cell} ${sample.leg} ${sample.attempt}`, sample])).values(),
  ];
  const tokens = each.map(({ usage }) => usage.completion);
  return {
    attempts: each.length,
    ms: each.reduce((sum, sample) => sum + lasted(sample), 0),
    tokens: tokens.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    uncounted: tokens.filter((count) => count === null).length,
  };
}

function lasted({ timing }: Sample): number {
  const { tCall, tLast, tDone } = timing;
  const end = tDone ?? tLast;
  return tCall === null || end === null ? 0 : Math.max(0, end - tCall);
}

export function wastedNotes(targets: readonly string[], samples: readonly Sample[]): Note[] {
  const each = targets.flatMap((id) => {
    const { attempts, ms, tokens, uncounted } = wastedBy(id, samples);
    if (attempts === 0) return [];
    const unknown = uncounted === 0 ? '' : `, ${uncounted} without a count`;
    return [
      `${id} ${counted(attempts, 'attempt')}, ${(ms / 1000).toFixed(1)} s, ${counted(tokens, 'token')}${unknown}`,
    ];
  });
  if (each.length === 0) return [];
  return [
    {
      level: 'info',
      code: 'wasted',
      text: `Spent on answers that broke off, and in no other figure: ${listed(each)}.`,
    },
  ];
}
