/** What a gate found, in sentences that may be quoted alone. Page, JUnit, Markdown, terminal and annotations all take them. */
import type { GateClaim, GateResult, GateState, Stat } from '../../types.ts';
import { counted, intervalText, listed, percent, signedPoints } from '../sentence.ts';
import { fewestFor } from '../speed.ts';
import { fewestAnswered, fewestClusters } from '../stats/non-inferiority.ts';
import type { ClaimDraft } from './draft.ts';
import type { Comparison, Gate, Measure } from './expression.ts';

/** Named at most, of claims that do not hold. */
const namedAtMost = 5;

/** What is judged, as a reader would call it. */
export function measureName(gate: Gate): string {
  if (gate.kind === 'all-pass') return 'all-pass';
  const { measure } = gate;
  switch (measure.kind) {
    case 'score':
    case 'errors':
      return measure.kind;
    case 'pass':
      return 'pass rate';
    case 'metric':
      return measure.name;
    case 'time':
      return timeName(measure);
  }
}

function timeName({ time, quantile }: Extract<Measure, { kind: 'time' }>): string {
  return `${time === 'e2e' ? 'total time' : time.toUpperCase()} ${quantile}`;
}

/** The sentence of a claim that has been judged. */
export function claimSentence(claim: ClaimDraft, gate: Gate, by: GateResult['by']): string {
  return `${subjectOf(claim, gate)} ${figureOf(claim, gate, by)}; ${askedFor(gate)}: ${outcomeOf(claim, gate)}.`;
}

/** The sentence of the gate: that of its only claim, or how many of them hold and which do not. */
export function gateSentence(claims: readonly GateClaim[]): string {
  const [only] = claims;
  if (only === undefined) return 'There is nothing to judge: the gate is not passed.';
  if (claims.length === 1) return only.sentence;
  const inState = (state: GateState): readonly GateClaim[] => claims.filter((claim) => claim.state === state);
  const held = inState('pass').length;
  return `${held} of ${claims.length} claims hold${named('not so', inState('fail'))}${named('cannot be told', inState('inconclusive'))}.`;
}

function named(words: string, claims: readonly GateClaim[]): string {
  if (claims.length === 0) return '';
  const names = claims.slice(0, namedAtMost).map(nameOf);
  const more = claims.length - names.length;
  return `; ${words}: ${listed([...names, ...(more === 0 ? [] : [`${more} more`])])}`;
}

/** `qwen in th`, `qwen against llama`. */
function nameOf({ target, against, language }: GateClaim): string {
  return `${target}${against === null ? '' : ` against ${against}`}${language === null ? '' : ` in ${language}`}`;
}

function subjectOf({ target, against, language }: ClaimDraft, gate: Gate): string {
  const place = language === null ? 'over all languages' : `in ${language}`;
  if (gate.kind === 'all-pass') return `${target} passes`;
  if (gate.kind === 'relative')
    return `${against === null ? `${target} now minus ${target} in the earlier run` : `${target} minus ${against}`}, ${figureName(gate)}, ${place}:`;
  const { measure } = gate;
  if (measure.kind === 'errors')
    return `${target}${language === null ? '' : ` in ${language}`} left without an answer`;
  return `The ${figureName(gate)} of ${target} ${measure.kind === 'time' && language === null ? '' : `${place} `}is`;
}

/** With a metric in quotes: its name is the suite's. */
function figureName(gate: Exclude<Gate, { kind: 'all-pass' }>): string {
  return gate.measure.kind === 'metric' ? `metric "${gate.measure.name}"` : measureName(gate);
}

function figureOf(claim: ClaimDraft, gate: Gate, by: GateResult['by']): string {
  const { found, counted: decided } = claim;
  if (gate.kind === 'all-pass')
    return `${decided.value === null ? 'none' : Math.round(decided.value * decided.n)} of ${counted(decided.n, 'cell')} that could`;
  if (gate.kind === 'absolute' && gate.measure.kind === 'errors')
    return `${decided.value === null ? 'none' : gate.unit === 'share' ? percent(decided.value) : decided.value} of ${counted(decided.n, 'planned cell')}`;
  if (gate.kind === 'absolute' && gate.measure.kind === 'time')
    return `${milliseconds(decided)} (${counted(decided.n, 'time')}${lostText(claim)}${decided.missing === 0 ? '' : `, ${decided.missing} more not to be used`})`;
  const shown = by === 'ci' ? found : decided;
  if (shown.value === null) return `not known (${counted(shown.missing, 'item')} missing)`;
  const value = gate.kind === 'relative' ? `${signedPoints(shown.value)} points` : percent(shown.value);
  return `${value} (${rangeOf(claim, gate, shown, by)}n ${shown.n}${missingText(claim, gate, by)})`;
}

function milliseconds({ value }: Stat): string {
  return value === null ? 'not to be told' : `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

function lostText({ found, counted: decided }: ClaimDraft): string {
  const lost = decided.n - found.n;
  return lost === 0 ? '' : `, ${lost} of them unanswered`;
}

function rangeOf(claim: ClaimDraft, gate: Gate, shown: Stat, by: GateResult['by']): string {
  const level = claim.confidence === null ? '95' : Number((100 * claim.confidence).toFixed(2)).toString();
  const { low, high } = by === 'ci' && claim.confidence !== null ? claim : shown;
  if (gate.kind === 'relative') return intervalText(level, low, high);
  return low === null || high === null
    ? 'no interval, '
    : `${level} % interval ${percent(low)} to ${percent(high)}, `;
}

/** How what is missing was counted, where anything is. */
function missingText({ found, counted: decided }: ClaimDraft, gate: Gate, by: GateResult['by']): string {
  const lost = found.missing - decided.missing;
  if (lost <= 0) return '';
  if (by === 'ci')
    return `, ${lost} missing; with them counted against it ${decided.value === null ? 'not known' : gate.kind === 'relative' ? signedPoints(decided.value) : percent(decided.value)}`;
  if (gate.kind === 'relative') return `, ${lost} missing and counted against it`;
  const isFloor = gate.kind === 'absolute' && (gate.comparison === '>=' || gate.comparison === '>');
  return `, ${lost} missing and counted as ${isFloor ? '0' : '1'}`;
}

const asked: Readonly<Record<Comparison, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

function askedFor(gate: Gate): string {
  if (gate.kind === 'all-pass') return 'all are asked for';
  const limit =
    gate.kind === 'relative'
      ? `${signedPoints(gate.limit)} points`
      : gate.unit === 'share'
        ? percent(gate.limit)
        : `${gate.limit}${gate.unit === 'ms' ? ' ms' : ''}`;
  return `${asked[gate.comparison]} ${limit} asked for`;
}

function outcomeOf(claim: ClaimDraft, gate: Gate): string {
  if (claim.state === 'inconclusive') return `cannot be told, ${doubtText(claim, gate)}`;
  const word = claim.state === 'pass' ? 'holds' : 'does not hold';
  return claim.isClose
    ? `${word}, though its interval reaches over the limit: another run may decide otherwise`
    : word;
}

function doubtText({ why, clusters, clustersNeeded, answered }: ClaimDraft, gate: Gate): string {
  switch (why) {
    case 'too-few-items':
      return gate.kind === 'absolute' && gate.measure.kind === 'time'
        ? `a ${gate.measure.quantile} takes ${fewestFor[gate.measure.quantile]} times`
        : `${counted(clusters ?? 0, 'independent item')} of ${fewestClusters} at least`;
    case 'too-few-answers':
      return gate.kind === 'absolute' && gate.measure.kind === 'time'
        ? `fewer than ${percent(fewestAnswered)} of the cells have a time`
        : `${percent(answered ?? 0)} of the planned cells are answered and ${percent(fewestAnswered)} are needed`;
    case 'missing':
      return 'it holds on what was answered, and not once what is missing counts against it';
    case 'interval':
      return `the interval reaches over the limit; ${clustersNeeded === null ? 'no number of items would decide' : `about ${counted(clustersNeeded, 'independent item')} would decide if the true value is this one`}`;
    case 'no-value':
    case null:
      return 'there is nothing to judge';
  }
}
