/** One sentence per comparison of times: the ratio with its interval, or what kept it from being one. */
import type { SpeedRatio } from '../types.ts';

const nouns: Readonly<Record<SpeedRatio['metric'], string>> = {
  ttftMs: 'time to first token',
  e2eMs: 'total time',
};

/** `c4`, `r2.5` in words. */
function levelWords(level: string): string {
  const figure = level.slice(1);
  return level.startsWith('c') ? `${figure} in flight` : `${figure} arrivals a second`;
}

/** `why`: what makes the figures the client's own; null where nothing does. */
export function ratioSentence(found: Omit<SpeedRatio, 'sentence'>, why: string | null): string {
  const { other, baseline, metric, label, ratio } = found;
  const noun = `${found.level === null ? '' : `${levelWords(found.level)}, `}${nouns[metric]}`;
  if (ratio.value === null) return `${noun}: no pair of times of ${other} and ${baseline} to compare.`;
  const units = `${found.units} ${found.design === 'questions' ? 'items' : 'pairs of blocks'}`;
  const interval =
    ratio.low === null || ratio.high === null
      ? `no interval from ${units}`
      : `95 % interval ${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}, ${units}`;
  const [low, high] = [ratio.low ?? 1, ratio.high ?? 1];
  // The same share whichever of the two is the baseline.
  const reach = Math.max(high, 1 / low) - 1;
  const nothingSeen =
    low > 1 || high < 1
      ? 'no difference left after Holm’s correction over the languages'
      : `no difference detected (±${(100 * reach).toFixed(1)} %)`;
  const verdict: Readonly<Record<SpeedRatio['label'], string>> = {
    faster: `${other} was faster`,
    slower: `${other} was slower`,
    'no-difference': nothingSeen,
    negligible: 'a difference smaller than 5 %',
    'no-interval': 'too few units for a verdict',
    'not-resolvable': `not resolvable: ${why ?? ''}`,
  };
  return `${noun}: ${other} takes ${ratio.value.toFixed(2)} times as long as ${baseline} (${interval}): ${verdict[label]}.`;
}
