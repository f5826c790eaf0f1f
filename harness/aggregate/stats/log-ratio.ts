/**
 * How much slower or faster, from paired times: r = ln(other / baseline) per unit, so that "twice" and "half" weigh the
 * same and swapping the targets only turns the sign. The ratio is exp(mean r).
 */
import { bcaOfMeans } from './cluster-bootstrap.ts';
import { clusteredMean, macroMean, type ClusteredInLanguage, type Estimate } from './clustered.ts';
import type { Interval } from './interval.ts';
import type { Chance } from './pcg32.ts';
import { signFlip } from './sign-flip.ts';
import { tQuantile, tTwoSided } from './student.ts';

/** Fewer units than this have a ratio and no interval. */
const fewestUnits = 4;
/** From here on the bootstrap is trusted: below it misses more often than Student's t. */
const fewestForBootstrap = 20;

export interface Ratio {
  /** Other over baseline; null without a unit. */
  readonly ratio: number | null;
  /** 95 %, as ratios. */
  readonly low: number | null;
  readonly high: number | null;
  /** Independent units: prompts, or pairs of adjacent blocks. */
  readonly units: number;
  /** `t`, `bca`, or null without an interval. */
  readonly method: 't' | 'bca' | null;
  /** Of the t test where the interval is t, of the sign-flip over units where it is BCa; null without an interval. */
  readonly p: number | null;
}

/**
 * Ratio of one language. `value` is r of one unit; `cluster` names the unit (several rows of one unit count once).
 * 4 to 19 units: Student's t on r; from 20: BCa, 10,000 seeded draws.
 */
export function languageRatio(rows: readonly ClusteredInLanguage[], chance: Chance): Ratio {
  if (rows.length === 0) return nothing;
  return ratioOf(clusteredMean(rows), rows, chance);
}

/**
 * Ratio over all languages: exp of the mean of the language means of r, whole units moving together. Below 20 units
 * without an interval when they do not all have the same languages: t would need them to.
 */
export function overallRatio(rows: readonly ClusteredInLanguage[], chance: Chance): Ratio {
  if (rows.length === 0) return nothing;
  const found = macroMean(rows);
  if (found.clusters < fewestForBootstrap && !isBalanced(rows)) return { ...without(found), p: null };
  return ratioOf(found, rows, chance);
}

const nothing: Ratio = { ratio: null, low: null, high: null, units: 0, method: null, p: null };

function without({ value, clusters }: Estimate): Ratio {
  return { ...nothing, ratio: Math.exp(value), units: clusters };
}

function ratioOf(found: Estimate, rows: readonly ClusteredInLanguage[], chance: Chance): Ratio {
  const { value, se, clusters } = found;
  // Times that are all alike come from a clock that is too coarse, not from a server without spread.
  if (clusters < fewestUnits || se === null || se < 1e-12) return without(found);
  const [bca] = clusters < fewestForBootstrap ? [] : bcaOfMeans(rows, value, [0.025], chance);
  const half = tQuantile(0.975, clusters - 1) * se;
  const interval: Interval = bca ?? { low: value - half, high: value + half };
  return {
    ratio: Math.exp(value),
    low: Math.exp(interval.low),
    high: Math.exp(interval.high),
    units: clusters,
    method: bca === undefined || bca === null ? 't' : 'bca',
    p:
      bca === undefined || bca === null
        ? tTwoSided(value / se, clusters - 1)
        : signFlip(found.contributions, chance.seed, chance.seq).p,
  };
}

function isBalanced(rows: readonly ClusteredInLanguage[]): boolean {
  const byUnit = new Map<string, string[]>();
  for (const { cluster, language } of rows)
    byUnit.set(cluster, [...(byUnit.get(cluster) ?? []), language].toSorted());
  return new Set([...byUnit.values()].map((languages) => languages.join(' '))).size === 1;
}
