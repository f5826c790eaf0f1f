/** The verdict, and each pair of targets with its languages. */
import type { Comparison, Label, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatDetectable, formatP, formatPoints, formatPointsInterval } from '../numbers.ts';
import { labelWords } from '../strings.ts';

export interface DifferenceRow {
  /** null = the mean of all languages. */
  readonly language: LanguageName | null;
  readonly scope: string;
  readonly difference: string;
  readonly interval: string;
  readonly n: number;
  readonly missing: number;
  readonly clusters: number;
  readonly p: string;
  readonly pHolm: string;
  readonly test: string;
  readonly onlyOther: string;
  readonly onlyBaseline: string;
  readonly detectable: string;
  readonly label: Label;
  readonly word: string;
  readonly sentence: string;
}

export interface LabelGroup {
  readonly label: Label;
  /** `beta better`, `undecided` ... */
  readonly word: string;
  readonly languages: readonly LanguageName[];
}

export interface Pair {
  readonly other: string;
  readonly baseline: string;
  readonly margin: string;
  /** Overall first, then the languages in the summary's order; primary scope only. */
  readonly rows: readonly DifferenceRow[];
  readonly comparisons: readonly Comparison[];
  readonly groups: readonly LabelGroup[];
  /** The same pair within one suite or by one metric. */
  readonly further: readonly DifferenceRow[];
}

/** Who is better by this label, in the target's own name. */
export function labelPhrase(comparison: Pick<Comparison, 'label' | 'other' | 'baseline'>): string {
  if (comparison.label === 'better') return `${comparison.other} better`;
  if (comparison.label === 'worse') return `${comparison.baseline} better`;
  return labelWords[comparison.label];
}

function differenceRow(comparison: Comparison): DifferenceRow {
  const { difference, minimumDetectable } = comparison;
  const scope = [comparison.suite, comparison.metric].filter((part) => part !== null).join(' · ');
  return {
    language: comparison.language === null ? null : languageName(comparison.language),
    scope,
    difference: formatPoints(difference.value),
    interval: formatPointsInterval(difference.low, difference.high),
    n: difference.n,
    missing: difference.missing,
    clusters: comparison.clusters,
    p: formatP(comparison.p),
    pHolm: formatP(comparison.pHolm),
    test: comparison.test ?? '',
    onlyOther: comparison.onlyOther === null ? '' : String(comparison.onlyOther),
    onlyBaseline: comparison.onlyBaseline === null ? '' : String(comparison.onlyBaseline),
    detectable: formatDetectable(minimumDetectable),
    label: comparison.label,
    word: labelWords[comparison.label],
    sentence: comparison.sentence,
  };
}

const order: readonly Label[] = ['better', 'worse', 'equivalent', 'inconclusive', 'too-few'];

function groupsOf(comparisons: readonly Comparison[]): LabelGroup[] {
  return order.flatMap((label) => {
    const some = comparisons.filter((each) => each.label === label && each.language !== null);
    const [first] = some;
    if (first === undefined) return [];
    return [
      { label, word: labelPhrase(first), languages: some.map((each) => languageName(each.language ?? '')) },
    ];
  });
}

/** Pairs in the order in which their first comparison stands. */
export function pairsOf(summary: Summary): Pair[] {
  const others = [...new Set(summary.comparisons.map((each) => each.other))];
  const rank = (tag: string | null) => (tag === null ? -1 : summary.languages.indexOf(tag));
  return others.flatMap((other) => {
    const all = summary.comparisons.filter((each) => each.other === other);
    const primary = all
      .filter((each) => each.suite === null && each.metric === null)
      .toSorted((a, b) => rank(a.language) - rank(b.language));
    const [first] = all;
    if (first === undefined) return [];
    return [
      {
        other,
        baseline: first.baseline,
        margin: (100 * first.margin).toFixed(1),
        rows: primary.map(differenceRow),
        comparisons: primary,
        groups: groupsOf(primary),
        further: all.filter((each) => each.suite !== null || each.metric !== null).map(differenceRow),
      },
    ];
  });
}
