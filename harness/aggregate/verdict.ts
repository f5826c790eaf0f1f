/** Which target to take, said with care: a winner only where the evidence names one. */
import type { Comparison, Label, ScoreRow, Summary, TargetFacts } from '../types.ts';
import { counted, intervalText, listed, percent, points, signedPoints } from './sentence.ts';

/** Below this share of answered cells a target neither wins nor loses: what is missing may be what is hard. */
export const enoughAnswered = 0.95;

type Verdict = Summary['verdict'];

export interface VerdictInput {
  readonly targets: readonly TargetFacts[];
  readonly baseline: string;
  readonly comparisons: readonly Comparison[];
  readonly scores: readonly ScoreRow[];
}

/** Share of the planned cells of a target that were answered; 1 when none is planned. */
export function answeredShare({ planned, answered }: TargetFacts): number {
  return planned === 0 ? 1 : answered / planned;
}

export function verdictOf({ targets, baseline, comparisons, scores }: VerdictInput): Verdict {
  const primary = comparisons.filter((row) => row.suite === null && row.metric === null);
  const overall = primary.filter((row) => row.language === null);
  const ranges = targets.flatMap((target) => rangeSentence(target.id, scores));
  if (overall.length === 0) {
    const alone = targets.flatMap((target) => aloneSentence(target.id, scores));
    return { label: 'single', winner: null, sentences: [...alone, ...ranges] };
  }
  const gaps = targets.filter((target) => answeredShare(target) < enoughAnswered);
  const ahead = leader(overall, baseline);
  const gained = overall.flatMap(gainSentence);
  const winner = gaps.length > 0 || gained.length > 0 ? null : ahead;
  const sentences = overall.flatMap((row) => [
    row.sentence,
    ...languageSentence(
      row,
      primary.filter((each) => each.other === row.other && each.language !== null),
    ),
  ]);
  sentences.push(...gained);
  if (ahead !== null && gaps.length > 0) {
    const names = listed(gaps.map((target) => `${target.id} (${percent(answeredShare(target))})`));
    sentences.push(
      `No winner is named: fewer than ${percent(enoughAnswered)} of the planned cells are answered by ${names}, and what is missing may be what is hard.`,
    );
  }
  const better = overall.filter((row) => row.label === 'better').map((row) => row.other);
  if (ahead === null && better.length > 0) {
    sentences.push(
      `${listed(better)} ${better.length === 1 ? 'is' : 'are each'} better than ${baseline}, but the others are compared with ${baseline} only, not with each other: no winner is named.`,
    );
  }
  return { label: overallLabel(overall), winner, sentences: [...sentences, ...ranges] };
}

function overallLabel(overall: readonly Comparison[]): Label {
  const labels = new Set(overall.map((row) => row.label));
  if (labels.has('better')) return 'better';
  const [only] = labels;
  return labels.size === 1 && only !== undefined ? only : 'inconclusive';
}

/** The baseline when all others are worse; an other when it is better and all the rest are worse than the baseline. */
function leader(overall: readonly Comparison[], baseline: string): string | null {
  const rest = overall.filter((row) => row.label !== 'worse');
  const [first] = rest;
  if (first === undefined) return baseline;
  return rest.length === 1 && first.label === 'better' ? first.other : null;
}

/** Said where a lead does not outlive its gaps: whoever failed to answer must not gain by it. */
function gainSentence({ label, other, baseline, difference, worstCase }: Comparison): string[] {
  const { value, low, high } = worstCase;
  if (difference.missing === 0 || value === null || (label !== 'better' && label !== 'worse')) return [];
  if (label === 'better' ? low !== null && low > 0 : high !== null && high < 0) return [];
  return [
    `If what is missing were wrong, ${other} would score ${signedPoints(value)} points against ${baseline} (${intervalText('95', low, high)}n ${worstCase.n}): the lead may come from what was not answered, and no winner is named.`,
  ];
}

function languageSentence(overall: Comparison, rows: readonly Comparison[]): string[] {
  if (rows.length < 2) return [];
  const inLabel = (label: Label): readonly string[] =>
    rows.filter((row) => row.label === label).map((row) => row.language ?? '');
  const named = (label: Label, words: string): string[] => {
    const tags = inLabel(label);
    return tags.length === 0 ? [] : [`${words} ${listed(tags)}`];
  };
  const open = inLabel('inconclusive').length;
  const silent = rows.filter((row) => row.label === 'too-few' && row.difference.n === 0);
  const few = inLabel('too-few').length - silent.length;
  const parts = [
    ...named('better', 'better in'),
    ...named('worse', 'worse in'),
    ...named('equivalent', 'equivalent in'),
    ...(open === 0 ? [] : [`undecided in ${counted(open, 'language')}`]),
    ...(few === 0 ? [] : [`too few items in ${counted(few, 'language')}`]),
    ...(silent.length === 0
      ? []
      : [`without a pair of answers in ${listed(silent.map((row) => row.language ?? ''))}`]),
  ];
  return [
    `Language by language, after Holm's correction, ${overall.other} against ${overall.baseline} is: ${parts.join('; ')}.`,
  ];
}

/**
 * Languages are ranked by pass rate alone: a score may hold a metric without a threshold, such as chrF, whose height
 * says more about a script than about an answer.
 */
function rangeSentence(target: string, scores: readonly ScoreRow[]): string[] {
  const known = scores.filter(
    (row) =>
      row.target === target &&
      row.suite === null &&
      row.metric === null &&
      row.language !== null &&
      row.passRate.value !== null,
  );
  const sorted = known.toSorted((a, b) => (a.passRate.value ?? 0) - (b.passRate.value ?? 0));
  const [worst] = sorted;
  const best = sorted.at(-1);
  if (
    worst === undefined ||
    best === undefined ||
    sorted.length < 2 ||
    points(worst.passRate.value ?? 0) === points(best.passRate.value ?? 0)
  )
    return [];
  return [
    `By pass rate, ${target} is weakest in ${tied(sorted, worst)}; strongest in ${tied(sorted, best)}.`,
  ];
}

function aloneSentence(target: string, scores: readonly ScoreRow[]): string[] {
  const row = scores.find(
    (each) => each.target === target && each.language === null && each.suite === null && each.metric === null,
  );
  if (row === undefined || row.score.value === null) return [`${target} has no score; nothing to compare.`];
  const { value, low, high, n, missing } = row.score;
  const interval =
    low === null || high === null ? 'no interval' : `95 % interval ${percent(low)} to ${percent(high)}`;
  return [
    `There is nothing to compare ${target} with: it scores ${percent(value)} over all languages (${interval}, n ${n}, ${missing} missing).`,
  ];
}

/** The row and those that equal it, in the order of the languages: few by name, the others counted. */
function tied(rows: readonly ScoreRow[], one: ScoreRow): string {
  const value = one.passRate.value ?? 0;
  const equal = rows.filter((row) => Math.abs((row.passRate.value ?? 0) - value) < 1e-9).map(figure);
  return equal.length <= 3 ? listed(equal) : `${equal[0] ?? ''} and ${equal.length - 1} others alike`;
}

function figure({ language, passRate }: ScoreRow): string {
  const missing = passRate.missing === 0 ? '' : `, ${passRate.missing} missing`;
  return `${language ?? ''} (${percent(passRate.value ?? 0)}, n ${passRate.n}${missing})`;
}
