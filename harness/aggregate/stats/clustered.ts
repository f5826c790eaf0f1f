/**
 * Means whose observations are not independent: one item in several languages, several items from one passage. The
 * cluster is the unit that was drawn; spread is measured between clusters (CR1, Liang and Zeger 1986 with the G/(G - 1)
 * correction), and t has G - 1 degrees of freedom.
 */

export interface Clustered {
  readonly cluster: string;
  readonly value: number;
}

export interface ClusteredInLanguage extends Clustered {
  readonly language: string;
}

export interface Estimate {
  readonly value: number;
  /** Cluster-robust standard error; null with fewer than two clusters. */
  readonly se: number | null;
  /** Number of clusters. */
  readonly clusters: number;
  /** Each cluster's share of `value`; their sum is `value`. */
  readonly contributions: readonly number[];
  /** How far each cluster pulls `value` from where it is; their sum is 0, and `se` is made of their squares. */
  readonly influences: readonly number[];
}

export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** sqrt(Σ(x - x̄)² / (n(n - 1))) of n >= 2 independent values. */
export function standardError(values: readonly number[]): number {
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length * (values.length - 1)));
}

/** Mean over all observations with its CR1 error. At least one observation. With clusters of one it is `standardError`. */
export function clusteredMean(observations: readonly Clustered[]): Estimate {
  return estimate(observations, () => 1 / observations.length, mean(observations.map((each) => each.value)));
}

/**
 * Mean of the language means, each language weighing the same, with the error of that estimator: the sum over a
 * cluster of (value - mean of its language) / (L·n_language) is one cluster's influence. At least one observation.
 */
export function macroMean(observations: readonly ClusteredInLanguage[]): Estimate {
  const languages = new Map<string, { sum: number; n: number }>();
  for (const { language, value } of observations) {
    const entry = languages.get(language) ?? { sum: 0, n: 0 };
    entry.sum += value;
    entry.n += 1;
    languages.set(language, entry);
  }
  const means = new Map([...languages].map(([language, { sum, n }]) => [language, sum / n]));
  return estimate(
    observations,
    ({ language }) => 1 / (languages.size * (languages.get(language)?.n ?? 1)),
    mean([...means.values()]),
    ({ language }) => means.get(language) ?? 0,
  );
}

function estimate<T extends Clustered>(
  observations: readonly T[],
  weight: (observation: T) => number,
  value: number,
  centre: (observation: T) => number = () => value,
): Estimate {
  const places = new Map<string, number>();
  const influences: number[] = [];
  const contributions: number[] = [];
  for (const observation of observations) {
    let place = places.get(observation.cluster);
    if (place === undefined) {
      place = places.size;
      places.set(observation.cluster, place);
      influences.push(0);
      contributions.push(0);
    }
    const share = weight(observation);
    influences[place] = (influences[place] ?? 0) + share * (observation.value - centre(observation));
    contributions[place] = (contributions[place] ?? 0) + share * observation.value;
  }
  const clusters = places.size;
  let squares = 0;
  for (const influence of influences) squares += influence * influence;
  return {
    value,
    se: clusters < 2 ? null : Math.sqrt((clusters / (clusters - 1)) * squares),
    clusters,
    contributions,
    influences,
  };
}
