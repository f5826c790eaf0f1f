/** Gates, rounded and in words: a line for each, and one for each of its claims. */
import type { GateClaim, GateResult, GateState, Stat, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatAmount, formatMs, formatPoints, formatShare } from '../numbers.ts';
import { gateWords } from '../strings.ts';

export interface ClaimLine {
  readonly target: string;
  readonly against: string;
  /** null = over all languages. */
  readonly language: LanguageName | null;
  readonly state: GateState;
  readonly word: string;
  readonly found: string;
  readonly counted: string;
  /** Looked at by the gate, at its own confidence; empty without. */
  readonly interval: string;
  readonly n: number;
  readonly missing: number;
  readonly sentence: string;
}

export interface GateLine {
  readonly expression: string;
  readonly from: string;
  readonly state: GateState;
  readonly word: string;
  readonly sentence: string;
  readonly claims: readonly ClaimLine[];
  readonly several: boolean;
}

export interface GatesView {
  /** `2 of 3 gates hold; 1 undecided, which is not passed.` */
  readonly outcome: string;
  readonly isHeld: boolean;
  readonly lines: readonly GateLine[];
}

/** null where nothing was claimed. */
export function gatesView({ gates }: Pick<Summary, 'gates'>): GatesView | null {
  if (gates.length === 0) return null;
  const count = (state: GateState): number => gates.filter((gate) => gate.state === state).length;
  const [held, failed, open] = [count('pass'), count('fail'), count('inconclusive')];
  const parts = [
    `${held} of ${gates.length} ${gates.length === 1 ? 'gate holds' : 'gates hold'}`,
    ...(failed === 0 ? [] : [`${failed} not`]),
    ...(open === 0 ? [] : [`${open} undecided, which is not passed`]),
  ];
  return { outcome: `${parts.join('; ')}.`, isHeld: held === gates.length, lines: gates.map(gateLine) };
}

function gateLine(gate: GateResult): GateLine {
  const { expression, from, state, sentence, claims } = gate;
  return {
    expression,
    from,
    state,
    word: gateWords.states[state],
    sentence,
    claims: claims.map((claim) => claimLine(claim, gate)),
    several: claims.length > 1,
  };
}

function claimLine(claim: GateClaim, gate: GateResult): ClaimLine {
  const show = valueText(claim, gate);
  const { low, high, confidence } = claim;
  const level = confidence === null ? '' : `${Number((100 * confidence).toFixed(2))}\u00a0%: `;
  return {
    target: claim.target,
    against: claim.against ?? '',
    language: claim.language === null ? null : languageName(claim.language),
    state: claim.state,
    word: gateWords.states[claim.state],
    found: show(claim.found.value),
    counted: show(claim.counted.value),
    interval: low === null || high === null ? '' : `${level}${show(low)} to ${show(high)}`,
    n: claim.found.n,
    missing: claim.found.missing,
    sentence: claim.sentence,
  };
}

/** In the unit of the figure; differences are points with a sign. */
function valueText({ against, found }: GateClaim, gate: GateResult): (value: Stat['value']) => string {
  if (found.unit === 'ms') return formatMs;
  if (found.unit !== 'share') return formatAmount;
  const isDifference = against !== null || gate.expression.includes(' - ');
  return isDifference ? formatPoints : formatShare;
}
