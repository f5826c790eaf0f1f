/** Languages by targets: the table that says which model to take for which language. */
import type { CellKind, Comparison, Label, ScoreRow, Stat, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatDetectable, formatShare } from '../numbers.ts';
import { kindWords } from '../strings.ts';
import { declares } from './declared.ts';
import { type Figure, heatStep, noShare, pointsFigure, shareFigure } from './figure.ts';
import { labelPhrase } from './verdict.ts';

export interface MatrixCell {
  readonly target: string;
  readonly score: Figure;
  readonly pass: Figure;
  /** With what is missing counted as wrong; empty where nothing is lost. */
  readonly scoreIfWrong: string;
  readonly passIfWrong: string;
  readonly scoreStep: string;
  readonly passStep: string;
  /** True when the maker declares languages and this is none of them. */
  readonly undeclared: boolean;
  /** Cells without a score, by why: `no answer 6, check crashed 1`; empty without any. */
  readonly unscored: string;
  /** Beside an overall figure: `pass rate: worst Thai 41.0 % (n 61); spread 38.2 points`. */
  readonly worst: string;
}

export interface MatrixVerdict {
  readonly label: Label;
  readonly other: string;
  readonly baseline: string;
  readonly phrase: string;
  /** Other minus baseline, in points. */
  readonly difference: Figure;
  /** The smallest difference that could have been seen, in points, where the question is open; else empty. */
  readonly detectable: string;
}

export interface MatrixRow {
  readonly language: LanguageName | null;
  readonly cells: readonly MatrixCell[];
  readonly verdicts: readonly MatrixVerdict[];
}

export interface Matrix {
  /** null = all suites. */
  readonly suite: string | null;
  readonly targets: readonly string[];
  readonly rows: readonly MatrixRow[];
  readonly compared: boolean;
  /** What the sign of a difference means: `other` minus `baseline`; `other` is empty where there are several. */
  readonly direction: { readonly other: string; readonly baseline: string };
}

/**
 * Languages are ranked by pass rate alone: a score may hold a metric without a threshold, such as chrF, whose height
 * says more about a script than about an answer.
 */
function worstOf(rows: readonly ScoreRow[]): string {
  const known = rows
    .filter((row) => row.language !== null && row.passRate.value !== null)
    .toSorted((a, b) => (a.passRate.value ?? 0) - (b.passRate.value ?? 0));
  const [worst] = known;
  const best = known.at(-1);
  if (worst === undefined || best === undefined || known.length < 2) return '';
  const spread = (best.passRate.value ?? 0) - (worst.passRate.value ?? 0);
  const name = languageName(worst.language ?? '').english;
  if (spread === 0) return 'pass rate: the same in every language';
  const { value, n } = worst.passRate;
  const alike = known.filter((row) => row.passRate.value === value).length - 1;
  const others = alike === 0 ? '' : ` and ${alike} alike`;
  return `pass rate: worst ${name} ${formatShare(value)} (n ${n})${others}; spread ${(100 * spread).toFixed(1)} points`;
}

/** Where something was lost: not where only checks did not apply, which the worst case leaves out as well. */
function ifWrong(there: Stat, worst: Stat | undefined): string {
  if (worst === undefined || worst.value === null || worst.missing === there.missing) return '';
  return formatShare(worst.value);
}

function verdictOf(comparison: Comparison, several: boolean): MatrixVerdict {
  const against = comparison.label === 'worse' ? comparison.other : comparison.baseline;
  const decided = comparison.label === 'better' || comparison.label === 'worse';
  const phrase = labelPhrase(comparison);
  const named = !several ? phrase : decided ? `${phrase} than ${against}` : `${comparison.other}: ${phrase}`;
  return {
    label: comparison.label,
    other: comparison.other,
    baseline: comparison.baseline,
    phrase: named,
    difference: pointsFigure(comparison.difference),
    detectable: comparison.label === 'inconclusive' ? formatDetectable(comparison.minimumDetectable) : '',
  };
}

const silent: readonly CellKind[] = ['not-applicable', 'check-error', 'no-answer', 'unasked'];

/** An outage, a crash and a check that does not apply leave a cell without a score, each for its own reason. */
function unscoredOf(
  { kinds }: Summary,
  scope: { readonly target: string; readonly language: string | null; readonly suite: string | null },
): string {
  const own = kinds.filter(
    (each) =>
      each.target === scope.target &&
      (scope.language === null || each.language === scope.language) &&
      (scope.suite === null || each.suite === scope.suite),
  );
  return silent
    .map((kind) => {
      const count = own.reduce((sum, each) => sum + (each.kind === kind ? each.count : 0), 0);
      return count === 0 ? '' : `${kindWords[kind].word} ${count}`;
    })
    .filter((part) => part !== '')
    .join(', ');
}

function matrixOf(summary: Summary, suite: string | null): Matrix {
  const scores = summary.scores.filter((row) => row.suite === suite && row.metric === null);
  const comparisons = summary.comparisons.filter((each) => each.suite === suite && each.metric === null);
  const others = [...new Set(comparisons.map((each) => each.other))];
  const several = others.length > 1;
  const tags = [null, ...summary.languages].filter((tag) => scores.some((row) => row.language === tag));
  const rows = tags.map((tag): MatrixRow => {
    const cells = summary.targets.map((target): MatrixCell => {
      const row = scores.find((each) => each.language === tag && each.target === target.id);
      const score = row?.score ?? noShare;
      const pass = row?.passRate ?? noShare;
      return {
        target: target.id,
        score: shareFigure(score),
        pass: shareFigure(pass),
        scoreIfWrong: ifWrong(score, row?.worstCase.score),
        passIfWrong: ifWrong(pass, row?.worstCase.passRate),
        scoreStep: heatStep(score.value),
        passStep: heatStep(pass.value),
        unscored: unscoredOf(summary, { target: target.id, language: tag, suite }),
        undeclared: tag !== null && target.languages !== null && !declares(target.languages, tag),
        worst: tag === null ? worstOf(scores.filter((each) => each.target === target.id)) : '',
      };
    });
    return {
      language: tag === null ? null : languageName(tag),
      cells,
      verdicts: comparisons.filter((each) => each.language === tag).map((each) => verdictOf(each, several)),
    };
  });
  return {
    suite,
    targets: summary.targets.map((target) => target.id),
    rows,
    compared: comparisons.length > 0,
    direction: { other: several ? '' : (others[0] ?? ''), baseline: summary.baseline },
  };
}

/** All suites together, then one matrix per suite where there are several. */
export function matricesOf(summary: Summary): Matrix[] {
  const suites = summary.suites.length > 1 ? summary.suites.map((suite) => suite.name) : [];
  return [null, ...suites]
    .map((suite) => matrixOf(summary, suite))
    .filter((matrix) => matrix.rows.length > 0);
}

export interface ScoreLine {
  readonly suite: string | null;
  readonly metric: string | null;
  readonly language: LanguageName | null;
  readonly figures: readonly Figure[];
}

/** Score rows as lines of a table, targets as columns; languages null first. */
export function scoreLines(summary: Summary, overall: boolean): ScoreLine[] {
  const lines = new Map<string, ScoreRow[]>();
  for (const row of summary.scores) {
    if ((row.language === null) !== overall) continue;
    const key = JSON.stringify([row.suite, row.metric, row.language]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [row]);
    else line.push(row);
  }
  return [...lines.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const figures = summary.targets.map((target) =>
      shareFigure(rows.find((row) => row.target === target.id)?.score ?? noShare),
    );
    const language = first.language === null ? null : languageName(first.language);
    return [{ suite: first.suite, metric: first.metric, language, figures }];
  });
}
