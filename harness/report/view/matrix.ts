/** Languages by targets: the table that says which model to take for which language. */
import type { Comparison, Label, ScoreRow, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatPoints, formatShare } from '../numbers.ts';
import { type Figure, heatStep, shareFigure } from './figure.ts';
import { labelPhrase } from './verdict.ts';

export interface MatrixCell {
  readonly target: string;
  readonly score: Figure;
  readonly pass: Figure;
  readonly scoreStep: string;
  readonly passStep: string;
  /** True when the maker declares languages and this is none of them. */
  readonly undeclared: boolean;
  /** Beside an overall figure: `worst Thai 41.0 %, spread 38.2 points`. */
  readonly worst: string;
}

export interface MatrixVerdict {
  readonly label: Label;
  readonly other: string;
  readonly baseline: string;
  readonly phrase: string;
  readonly difference: string;
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
}

function worstOf(rows: readonly ScoreRow[]): string {
  const known = rows
    .filter((row) => row.language !== null && row.score.value !== null)
    .toSorted((a, b) => (a.score.value ?? 0) - (b.score.value ?? 0));
  const [worst] = known;
  const best = known.at(-1);
  if (worst === undefined || best === undefined || known.length < 2) return '';
  const spread = (best.score.value ?? 0) - (worst.score.value ?? 0);
  const name = languageName(worst.language ?? '').english;
  return `worst: ${name} ${formatShare(worst.score.value)}; spread ${(100 * spread).toFixed(1)} points`;
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
    difference: comparison.difference.value === null ? '' : formatPoints(comparison.difference.value),
  };
}

const nothing = {
  value: null,
  low: null,
  high: null,
  n: 0,
  missing: 0,
  unit: 'share',
  method: null,
} as const;

function matrixOf(summary: Summary, suite: string | null): Matrix {
  const scores = summary.scores.filter((row) => row.suite === suite && row.metric === null);
  const comparisons = summary.comparisons.filter((each) => each.suite === suite && each.metric === null);
  const several = new Set(comparisons.map((each) => each.other)).size > 1;
  const tags = [null, ...summary.languages].filter((tag) => scores.some((row) => row.language === tag));
  const rows = tags.map((tag): MatrixRow => {
    const cells = summary.targets.map((target): MatrixCell => {
      const row = scores.find((each) => each.language === tag && each.target === target.id);
      const score = row?.score ?? nothing;
      const pass = row?.passRate ?? nothing;
      return {
        target: target.id,
        score: shareFigure(score),
        pass: shareFigure(pass),
        scoreStep: heatStep(score.value),
        passStep: heatStep(pass.value),
        undeclared: tag !== null && target.languages !== null && !target.languages.includes(tag),
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
      shareFigure(rows.find((row) => row.target === target.id)?.score ?? nothing),
    );
    const language = first.language === null ? null : languageName(first.language);
    return [{ suite: first.suite, metric: first.metric, language, figures }];
  });
}
