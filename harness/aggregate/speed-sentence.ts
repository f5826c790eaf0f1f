/** One sentence per comparison of times: the ratio with its interval, or what kept it from being one. */
import type { SpeedRatio } from '../types.ts';

const nouns: Readonly<Record<SpeedRatio['metric'], string>> = {
  ttftMs: 'time to first token',
  e2eMs: 'total time',
};

/** `why`: what makes the figures the client's own; null where nothing does. */
export function ratioSentence(found: Omit<SpeedRatio, 'sentence'>, why: string | null): string {
  const { other, baseline, metric, label, ratio } = found;
  const noun = nouns[metric];
  const who = `${other} against ${baseline}`;
  if (ratio.value === null) return `${noun}, ${who}: no pair of times to compare.`;
  const units = `${found.units} ${found.design === 'questions' ? 'items' : 'pairs of blocks'}`;
  const shown = `${ratio.value.toFixed(3)} of it`;
  const interval =
    ratio.low === null || ratio.high === null
      ? `no interval from ${units}`
      : `95 % interval ${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}, ${units}`;
  const reach = ratio.low === null || ratio.high === null ? 0 : Math.max(ratio.high - 1, 1 - ratio.low);
  const verdict: Readonly<Record<SpeedRatio['label'], string>> = {
    faster: `${other} was faster`,
    slower: `${other} was slower`,
    'no-difference': `no difference detected (±${(100 * reach).toFixed(1)} %)`,
    negligible: 'a difference smaller than 5 %',
    'no-interval': 'too few units for a verdict',
    'not-resolvable': `not resolvable: ${why ?? ''}`,
  };
  return `${noun}, ${who}: ${shown} (${interval}): ${verdict[label]}.`;
}
