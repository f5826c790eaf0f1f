/** What a comparison says, in a sentence that may be quoted alone: with its interval, its n and what is missing. */
import type { Comparison } from '../types.ts';
import { isDifferent } from './label.ts';

/** A share as points with one decimal, no sign of its own for zero: `3.7`. */
export function points(share: number): string {
  const text = (100 * share).toFixed(1);
  return Number(text) === 0 ? '0.0' : text;
}

export function signedPoints(share: number): string {
  const text = points(share);
  return text.startsWith('-') || Number(text) === 0 ? text : `+${text}`;
}

/** `1 item`, `2 items`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function percent(share: number): string {
  return `${points(share)} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** The sentence of a comparison; its label has been decided. */
export function sentenceOf(comparison: Omit<Comparison, 'sentence'>): string {
  const { other, baseline, difference, clusters, label, minimumDetectable, margin, low90, high90 } =
    comparison;
  const place = placeOf(comparison);
  const { value } = difference;
  if (value === null) {
    return `${place}, no item has comparable scores from both ${other} and ${baseline} (${difference.missing} missing): nothing to compare.`;
  }
  const size = points(Math.abs(value));
  const found =
    Number(size) === 0
      ? `${other} and ${baseline} score the same to a tenth of a point`
      : `${other} scores ${size} points ${value > 0 ? 'higher' : 'lower'} than ${baseline}`;
  const behind = `${intervalText('95', difference.low, difference.high)}${counted(clusters, 'independent item')}${gapText(difference.missing)}`;
  switch (label) {
    case 'better':
    case 'worse':
      return `${place}, ${found} (${behind}).`;
    case 'equivalent': {
      const narrow = `${intervalText('90', low90, high90)}${counted(clusters, 'independent item')}${gapText(difference.missing)}`;
      return `${place}, ${other} and ${baseline} are equivalent within ${points(margin)} points: the difference is ${signedPoints(value)} (${narrow}).`;
    }
    case 'too-few':
      return `${place}, ${found} (${behind}): too few independent items for a verdict.`;
    case 'inconclusive':
      if (isDifferent({ ...comparison, value, low: difference.low, high: difference.high })) {
        return `${place}, ${found} (${behind}): less than the ${points(margin)} points that would count.`;
      }
      return `${place}, undecided: ${found} (${behind}); ${unseen(clusters, minimumDetectable)}.`;
  }
}

function placeOf({ language, suite }: Omit<Comparison, 'sentence'>): string {
  const inside = suite === null ? '' : ` of suite ${suite}`;
  return language === null ? `Over all languages${inside}` : `In ${language}${inside}`;
}

/** `95 % interval +1.2 to +3.4, `, with the comma. */
export function intervalText(level: string, low: number | null, high: number | null): string {
  return low === null || high === null
    ? 'no interval, '
    : `${level} % interval ${signedPoints(low)} to ${signedPoints(high)}, `;
}

function gapText(missing: number): string {
  return missing === 0 ? '' : `, ${counted(missing, 'planned pair')} missing`;
}

function unseen(clusters: number, detectable: number | null): string {
  if (detectable === null) return `${counted(clusters, 'item')} cannot show any difference`;
  // A difference of shares cannot exceed 100 points.
  const limit = points(Math.min(1, detectable));
  return `with ${counted(clusters, 'item')} a difference under ${limit} points cannot be seen reliably`;
}
