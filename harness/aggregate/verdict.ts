/** Which target to take, said with care: a winner only where the evidence names one. */
import type { Comparison, Label, ScoreRow, Summary, TargetFacts } from '../types.ts';
import { counted, listed, percent, points } from './sentence.ts';

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
  const winner = gaps.length > 0 ? null : ahead;
  const sentences = overall.flatMap((row) => [
    row.sentence,
    ...languageSentence(
      row,
      primary.filter((each) => each.other === row.other && each.language !== null),
    ),
  ]);
  if (ahead !== null && winner === null) {
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

function languageSentence(overall: Comparison, rows: readonly Comparison[]): string[] {
  if (rows.length < 2) return [];
  const inLabel = (label: Label): readonly string[] =>
    rows.filter((row) => row.label === label).map((row) => row.language ?? '');
  const named = (label: Label, words: string): string[] => {
    const tags = inLabel(label);
    return tags.length === 0 ? [] : [`${words} ${listed(tags)}`];
  };
  const open = inLabel('inconclusive').length;
  const few = inLabel('too-few').length;
  const parts = [
    ...named('better', 'better in'),
    ...named('worse', 'worse in'),
    ...named('equivalent', 'equivalent in'),
    ...(open === 0 ? [] : [`undecided in ${counted(open, 'language')}`]),
    ...(few === 0 ? [] : [`too few items in ${counted(few, 'language')}`]),
  ];
  return [
    `Language by language, after Holm's correction, ${overall.other} against ${overall.baseline} is: ${parts.join('; ')}.`,
  ];
}

function rangeSentence(target: string, scores: readonly ScoreRow[]): string[] {
  const known = scores.filter(
    (row) =>
      row.target === target &&
      row.suite === null &&
      row.metric === null &&
      row.language !== null &&
      row.score.value !== null,
  );
  const sorted = known.toSorted((a, b) => (a.score.value ?? 0) - (b.score.value ?? 0));
  const [worst] = sorted;
  const best = sorted.at(-1);
  if (
    worst === undefined ||
    best === undefined ||
    sorted.length < 2 ||
    points(worst.score.value ?? 0) === points(best.score.value ?? 0)
  )
    return [];
  return [`${target} is weakest in ${figure(worst)} and strongest in ${figure(best)}.`];
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

function figure({ language, score }: ScoreRow): string {
  const missing = score.missing === 0 ? '' : `, ${score.missing} missing`;
  return `${language ?? ''} (${percent(score.value ?? 0)}, n ${score.n}${missing})`;
}
