/** How evenly targets serve their languages, whether repeats agree, and what corpus figures differ by. */
import type { Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatP } from '../numbers.ts';
import { amountFigure, noShare, pointsFigure, shareFigure, type Figure } from './figure.ts';

export interface GapLine {
  readonly language: LanguageName;
  readonly base: string;
  /** One per target; empty where it has none. */
  readonly figures: readonly (Figure | null)[];
}

export interface ConsistencyLine {
  readonly target: string;
  /** Empty: all suites. */
  readonly suite: string;
  readonly consistent: Figure;
  readonly all: number;
  readonly none: number;
  readonly some: number;
}

export interface RepeatLine {
  readonly target: string;
  readonly language: LanguageName | null;
  readonly passAtK: readonly Figure[];
  readonly stable: Figure;
}

export interface AcrossView {
  readonly targets: readonly string[];
  readonly gaps: readonly GapLine[];
  readonly consistency: readonly ConsistencyLine[];
  readonly bySuite: readonly ConsistencyLine[];
  readonly ks: readonly number[];
  readonly repeats: readonly RepeatLine[];
  readonly repeatsByLanguage: readonly RepeatLine[];
}

export function acrossView(summary: Summary): AcrossView {
  const targets = summary.targets.map(({ id }) => id);
  const lines = summary.consistency.map(({ target, suite, consistent, allPassed, nonePassed, mixed }) => ({
    target,
    suite: suite ?? '',
    consistent: shareFigure(consistent),
    all: allPassed,
    none: nonePassed,
    some: mixed,
  }));
  const ks = [...new Set(summary.repeats.flatMap(({ passAtK }) => passAtK.map(({ k }) => k)))].toSorted(
    (a, b) => a - b,
  );
  const repeats = summary.repeats.map(({ target, language, passAtK, stable }) => ({
    target,
    language: language === null ? null : languageName(language),
    passAtK: ks.map((k) => shareFigure(passAtK.find((each) => each.k === k)?.value ?? noShare)),
    stable: shareFigure(stable),
  }));
  return {
    targets,
    gaps: gapLines(summary, targets),
    consistency: lines.filter(({ suite }) => suite === ''),
    bySuite: lines.filter(({ suite }) => suite !== ''),
    ks,
    repeats: repeats.filter(({ language }) => language === null),
    repeatsByLanguage: repeats.filter(({ language }) => language !== null),
  };
}

function gapLines({ spread, languages }: Summary, targets: readonly string[]): GapLine[] {
  return languages.flatMap((tag) => {
    const found = targets.map((target) =>
      spread.find((row) => row.target === target)?.gaps.find(({ language }) => language === tag),
    );
    const [first] = found.filter((gap) => gap !== undefined);
    if (first === undefined) return [];
    return [
      {
        language: languageName(tag),
        base: first.base === null ? '' : languageName(first.base).english,
        figures: found.map((gap) => (gap === undefined ? null : pointsFigure(gap.difference))),
      },
    ];
  });
}

export interface CorpusDifferenceLine {
  readonly language: LanguageName;
  readonly suite: string;
  readonly metric: string;
  readonly pair: { readonly other: string; readonly baseline: string };
  readonly difference: Figure;
  readonly clusters: number;
  readonly p: string;
  readonly q: string;
}

/** Exploration: no label stands beside these. */
export function corpusDifferences({ corpusComparisons }: Summary): CorpusDifferenceLine[] {
  return corpusComparisons.map(
    ({ language, suite, metric, other, baseline, difference, clusters, p, q }) => ({
      language: languageName(language),
      suite,
      metric,
      pair: { other, baseline },
      difference: amountFigure(difference),
      clusters,
      p: formatP(p),
      q: formatP(q),
    }),
  );
}
