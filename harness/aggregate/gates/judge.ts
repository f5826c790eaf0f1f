/** Judges the gates of a run: from what was claimed and what was found to pass, fail or cannot tell. */
import { groupBy } from '../grouping.ts';
import type { Cell, GateClaim, GateResult, GateState, GateText } from '../../types.ts';
import { observe } from '../observation.ts';
import type { JoinedRow } from '../rows.ts';
import type { Axes } from '../scores.ts';
import { allPassClaims, allPassed, countClaims } from './counts.ts';
import type { ClaimDraft, GateContext, GateSide } from './draft.ts';
import type { Gate } from './expression.ts';
import { gateNames } from './names.ts';
import { parseGate } from './parse.ts';
import { shareClaims } from './shares.ts';
import { claimSentence, gateSentence, measureName } from './words.ts';

export interface GateInput extends Pick<GateSide, 'observations'> {
  readonly gates: readonly GateText[];
  readonly axes: Axes;
  readonly rows: readonly JoinedRow[];
  readonly seed: number;
  /** The cells that an earlier run has too, as they came out in either; null: there is no earlier run. */
  readonly shared: { readonly later: readonly JoinedRow[]; readonly earlier: readonly JoinedRow[] } | null;
}

/** The gates in their order. One that the plan no longer knows what to make of is inconclusive, and never passed. */
export function judgeGates(input: GateInput): GateResult[] {
  const { gates, axes, observations, rows, seed, shared } = input;
  if (gates.length === 0) return [];
  const cells = rows.map(({ cell }): Cell => cell);
  const context: GateContext = {
    rows: byTarget(rows),
    observations,
    axes,
    names: gateNames(cells, axes.targets, shared !== null),
    seed,
    shared: shared && { later: sideOf(shared.later), earlier: sideOf(shared.earlier) },
  };
  return gates.map((text) => judge(text, context));
}

/** A gate that is not passed closes the run: undecided is not held. */
export function areHeld(gates: readonly Pick<GateResult, 'state'>[]): boolean {
  return gates.every(({ state }) => state === 'pass');
}

function sideOf(rows: readonly JoinedRow[]): GateSide {
  return { rows: byTarget(rows), observations: observe(rows) };
}

function byTarget(rows: readonly JoinedRow[]): ReadonlyMap<string, readonly JoinedRow[]> {
  return groupBy(rows, (row) => row.cell.target);
}

function judge(text: GateText, context: GateContext): GateResult {
  const parsed = parseGate(text.expression, context.names);
  if ('fault' in parsed) {
    const sentence = `This gate does not fit the plan of the run: ${parsed.fault.message}.`;
    return { ...text, ...nothing, state: 'inconclusive', claims: [], sentence };
  }
  const { gate } = parsed;
  const by = gate.kind === 'all-pass' ? 'value' : gate.by;
  const claims = claimsOf(gate, context).map((claim): GateClaim => ({
    ...claim,
    sentence: claimSentence(claim, gate, by),
  }));
  const { comparison, limit } = gate.kind === 'all-pass' ? allPassed : gate;
  return {
    ...text,
    by,
    measure: measureName(gate),
    comparison,
    limit,
    unit: gate.kind === 'absolute' ? gate.unit : 'share',
    state: stateOf(claims),
    claims,
    sentence: gateSentence(claims),
  };
}

const nothing = { by: 'value', measure: '', comparison: '>=', limit: 0, unit: '' } as const;

function claimsOf(gate: Gate, context: GateContext): ClaimDraft[] {
  if (gate.kind === 'all-pass') return allPassClaims(context);
  if (gate.kind === 'relative') return shareClaims(gate, context);
  const { measure } = gate;
  return measure.kind === 'errors' || measure.kind === 'time'
    ? countClaims(gate, context)
    : shareClaims({ ...gate, measure }, context);
}

function stateOf(claims: readonly GateClaim[]): GateState {
  const states = new Set(claims.map(({ state }) => state));
  if (states.has('fail')) return 'fail';
  return states.size === 1 && states.has('pass') ? 'pass' : 'inconclusive';
}
