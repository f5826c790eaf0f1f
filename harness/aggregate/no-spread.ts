/**
 * Intervals for means whose clusters do not differ at all: every language at an end of the scale, or differences that
 * cancel within each item. t would answer with an interval of no width, which claims certainty. The missing spread is
 * the sample's, not the truth's: the independent items of each language still bound its mean as yes/no trials would.
 */
import type { ClusteredInLanguage, Estimate } from './stats/clustered.ts';
import { within, type Interval } from './stats/interval.ts';
import { wilson } from './stats/proportion.ts';
import { tango } from './stats/tango.ts';

/** Below this part of its mean (of 1, for smaller means) a standard error is rounding, not spread. */
const rounding = 1e-12;

/** True when the error of a mean of two or more clusters is nil. */
export function isFlat({ value, se }: Pick<Estimate, 'value' | 'se'>): boolean {
  return se !== null && se < rounding * Math.max(1, Math.abs(value));
}

/**
 * Wilson's interval per language, averaged. No value within 0..1 spreads more than a yes/no value of the same mean, so
 * a graded share is covered too.
 */
export function flatShare(items: readonly ClusteredInLanguage[], z?: number): Interval {
  const limits = perLanguage(items).map(({ values, clusters }) =>
    wilson(clusters * meanOf(values, (value) => value), clusters, z),
  );
  return within(averaged(limits), 0, 1);
}

/** Tango's interval per language, averaged; what a language won and what it lost are counted in whole clusters. */
export function flatDifference(items: readonly ClusteredInLanguage[], z: number): Interval {
  const limits = perLanguage(items).map(({ values, clusters }) =>
    tango(
      clusters * meanOf(values, (value) => Math.max(0, value)),
      clusters * meanOf(values, (value) => Math.max(0, -value)),
      clusters,
      z,
    ),
  );
  return within(averaged(limits), -1, 1);
}

/**
 * The mean of the lower and of the upper limits. Languages share their items, and how closely they move together
 * cannot be seen without spread: as if they moved as one, which is the widest case.
 */
function averaged(limits: readonly Interval[]): Interval {
  return { low: meanOf(limits, ({ low }) => low), high: meanOf(limits, ({ high }) => high) };
}

interface InLanguage {
  readonly values: readonly number[];
  readonly clusters: number;
}

function perLanguage(items: readonly ClusteredInLanguage[]): InLanguage[] {
  const found = new Map<string, { values: number[]; clusters: Set<string> }>();
  for (const { language, cluster, value } of items) {
    const entry = found.get(language) ?? { values: [], clusters: new Set() };
    entry.values.push(value);
    entry.clusters.add(cluster);
    found.set(language, entry);
  }
  return [...found.values()].map(({ values, clusters }) => ({ values, clusters: clusters.size }));
}

function meanOf<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sum, item) => sum + pick(item), 0) / items.length;
}
