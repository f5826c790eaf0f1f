/**
 * Is one target faster than another? From times taken in pairs, close together, so that a machine that slows down slows
 * both; said in words that promise no more than the interval shows.
 */
import type { LanguageTag } from '../types.ts';
import { counted, percent } from './sentence.ts';
import type { ClusteredInLanguage } from './stats/clustered.ts';
import { holm } from './stats/holm.ts';
import { languageRatio, overallRatio, type Ratio } from './stats/log-ratio.ts';
import { fnv1a32 } from './stats/pcg32.ts';
import { quantile } from './stats/quantile.ts';

/** Times of both targets on one unit: the repeats of one prompt, or the requests of two adjacent blocks. */
export interface TimedUnit {
  /** The prompt's item, the same in all its languages, or the pair of blocks: what is independent. */
  readonly unit: string;
  readonly language: LanguageTag;
  /** Positive, ms (or any one unit of time); not empty. */
  readonly other: readonly number[];
  readonly baseline: readonly number[];
}

/** `different`; smaller than 5 % either way; none seen; null without an interval. */
export type SpeedLabel = 'different' | 'small' | 'not-detected' | null;

export interface SpeedComparison extends Ratio {
  /** null: the mean of the language means. */
  readonly language: LanguageTag | null;
  /** p after Holm over the languages; null for the overall ratio, which is one claim. */
  readonly pHolm: number | null;
  readonly label: SpeedLabel;
  /** One sentence a person can quote. */
  readonly sentence: string;
}

export interface CompareSpeedInput {
  readonly other: string;
  readonly baseline: string;
  /** What was timed, as it stands in a sentence: `time to first token`. */
  readonly measure: string;
  readonly units: readonly TimedUnit[];
  readonly languages: readonly LanguageTag[];
  /** One time for a unit: the median of a prompt's repeats, or the geometric mean over a block. */
  readonly middle: 'median' | 'geometric-mean';
  /** Seed of the run. */
  readonly seed: number;
}

/** Differences below this ratio, either way, are called small. */
const small = 1.05;
const significance = 0.05;

/** The overall ratio, then one per language that has a unit. */
export function compareSpeed(input: CompareSpeedInput): SpeedComparison[] {
  const middle = input.middle === 'median' ? median : geometricMean;
  const rows = input.units.map(({ unit, language, other, baseline }): ClusteredInLanguage => ({
    cluster: unit,
    language,
    value: Math.log(middle(other) / middle(baseline)),
  }));
  const chance = (language: LanguageTag | null) => ({
    seed: input.seed,
    seq: fnv1a32(JSON.stringify(['speed', input.measure, language])),
  });
  const overall = finish(input, null, overallRatio(rows, chance(null)), null);
  const found = input.languages
    .map((language) => ({
      language,
      ratio: languageRatio(
        rows.filter((row) => row.language === language),
        chance(language),
      ),
    }))
    .filter(({ ratio }) => ratio.units > 0);
  const adjusted = holm(found.flatMap(({ ratio }) => ratio.p ?? []));
  let next = 0;
  return [
    overall,
    ...found.map(({ language, ratio }) =>
      finish(input, language, ratio, ratio.p === null ? null : (adjusted[next++] ?? null)),
    ),
  ];
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function finish(
  input: CompareSpeedInput,
  language: LanguageTag | null,
  ratio: Ratio,
  pHolm: number | null,
): SpeedComparison {
  const label = labelOf(ratio, pHolm);
  return { ...ratio, language, pHolm, label, sentence: sentenceOf(input, language, ratio, label) };
}

/** What is smaller than 5 % is small whether or not it is nil; of the languages only what Holm leaves is different. */
function labelOf({ low, high }: Ratio, pHolm: number | null): SpeedLabel {
  if (low === null || high === null) return null;
  if (low > 1 / small && high < small) return 'small';
  const apart = low > 1 || high < 1;
  return apart && (pHolm === null || pHolm < significance) ? 'different' : 'not-detected';
}

function sentenceOf(
  { other, baseline, measure }: CompareSpeedInput,
  language: LanguageTag | null,
  { ratio, low, high, units }: Ratio,
  label: SpeedLabel,
): string {
  const place = `${language === null ? 'Over all languages' : `In ${language}`}, ${measure}`;
  if (ratio === null) return `${place}: no pair of times of ${other} and ${baseline}.`;
  const found = `${other} takes ${ratio.toFixed(2)} times as long as ${baseline}`;
  const pairs = counted(units, 'pair');
  if (low === null || high === null)
    return `${place}: ${found} (no interval, ${pairs}): nothing to conclude.`;
  const behind = `(95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}, ${pairs})`;
  switch (label) {
    case 'different':
    case null:
      return `${place}: ${found} ${behind}.`;
    case 'small':
      return `${place}: the difference is smaller than ${percent(small - 1)}: ${found} ${behind}.`;
    case 'not-detected':
      return `${place}: no difference detected (±${percent(furthest(low, high))}): ${found} ${behind}.`;
  }
}

/** The largest difference that the interval allows, either way, as a share. */
function furthest(low: number, high: number): number {
  return Math.max(high, 1 / low) - 1;
}
