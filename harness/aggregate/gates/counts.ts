/** Claims on what was counted: cells without an answer, percentiles of times, and whether every cell passed. */
import type { Stat } from '../../types.ts';
import type { JoinedRow } from '../rows.ts';
import { answerSpeed } from '../answer-speed.ts';
import { fewestFor } from '../speed.ts';
import { emptyStat } from '../stat.ts';
import { fewestAnswered } from '../stats/non-inferiority.ts';
import { quantile } from '../stats/quantile.ts';
import { isSteady, isTimed } from '../times.ts';
import {
  answeredIn,
  byValue,
  isFloor,
  languagesOf,
  rowsIn,
  type ClaimDraft,
  type GateContext,
} from './draft.ts';
import type { Comparison, Gate, Measure } from './expression.ts';

type Absolute = Extract<Gate, { kind: 'absolute' }>;
type Scope = Pick<ClaimDraft, 'target' | 'language'>;

/** One claim per target, and per language where the gate says so. */
export function countClaims(gate: Absolute, context: GateContext): ClaimDraft[] {
  const { measure, comparison, limit, unit } = gate;
  return gate.targets.flatMap((target) =>
    languagesOf(context, gate.language, target, null).map((language): ClaimDraft => {
      const rows = rowsIn(context, target, language);
      const scope = { target, language };
      return measure.kind === 'time'
        ? timeClaim(scope, rows, measure, { comparison, limit })
        : countClaim(scope, rows, unanswered(rows, unit), { comparison, limit });
    }),
  );
}

/** Every cell of a target that can pass must; one that was not heard, or whose check crashed, has not. */
export function allPassClaims(context: GateContext): ClaimDraft[] {
  return context.axes.targets.flatMap((target) => {
    const rows = rowsIn(context, target, null);
    if (rows.length === 0) return [];
    const due = rows.filter(({ pass, kind }) => pass !== null || isLost(kind));
    const passed = due.filter(({ pass }) => pass === true).length;
    const value = due.length === 0 ? null : passed / due.length;
    const counted = { ...emptyStat({ missing: 0, unit: 'share' }), value, n: due.length };
    return [countClaim({ target, language: null }, rows, counted, allPassed)];
  });
}

export const allPassed = { comparison: '>=', limit: 1 } as const satisfies Limit;

const isLost = (kind: JoinedRow['kind']): boolean =>
  kind === 'no-answer' || kind === 'unasked' || kind === 'check-error';

interface Limit {
  readonly comparison: Comparison;
  readonly limit: number;
}

function unanswered(rows: readonly JoinedRow[], unit: Absolute['unit']): Stat {
  const lost = rows.filter(({ sample }) => sample?.outcome.kind !== 'answered').length;
  const stat = { ...emptyStat({ missing: 0, unit }), n: rows.length };
  if (rows.length === 0) return stat;
  return { ...stat, value: unit === 'share' ? lost / rows.length : lost };
}

function countClaim(
  scope: Scope,
  rows: readonly JoinedRow[],
  counted: Stat,
  { comparison, limit }: Limit,
): ClaimDraft {
  return {
    ...scope,
    against: null,
    found: counted,
    counted,
    clusters: null,
    answered: answeredIn(rows),
    ...byValue(counted, comparison, limit),
  };
}

/**
 * A percentile with unanswered cells at its far end: endless under a ceiling, instant over a floor. Answers whose time is
 * not the server's (retried, disturbed, held back by a proxy) are left out, and 95 % of the cells must remain.
 */
function timeClaim(
  scope: Scope,
  rows: readonly JoinedRow[],
  { time, quantile: name }: Extract<Measure, { kind: 'time' }>,
  { comparison, limit }: Limit,
): ClaimDraft {
  const values: number[] = [];
  let lost = 0;
  let untold = 0;
  for (const { sample, times } of rows) {
    if (sample?.outcome.kind !== 'answered') lost += 1;
    else if (!isTimed(sample) || (time !== 'e2e' && !isSteady(sample))) untold += 1;
    else {
      const value = answerSpeed(sample, times)[`${time}Ms`];
      // Of a single token there is no time per token: nothing is missing.
      if (value !== null) values.push(value);
    }
  }
  const found = percentile(values, name, lost + untold);
  const far = isFloor(comparison) ? 0 : Number.POSITIVE_INFINITY;
  const all = percentile([...values, ...Array.from({ length: lost }, () => far)], name, untold);
  const isEndless = all.value === Number.POSITIVE_INFINITY;
  const counted = isEndless ? { ...all, value: null } : all;
  const due = values.length + lost + untold;
  const claim = { ...scope, against: null, found, counted, clusters: null, answered: answeredIn(rows) };
  const decided = byValue(counted, comparison, limit);
  if (isEndless) return { ...claim, ...decided, state: 'fail', why: null };
  const why =
    due === 0
      ? 'no-value'
      : due - untold < fewestAnswered * due
        ? 'too-few-answers'
        : all.value === null
          ? 'too-few-items'
          : null;
  return why === null ? { ...claim, ...decided } : { ...claim, ...decided, state: 'inconclusive', why };
}

function percentile(values: readonly number[], name: keyof typeof fewestFor, missing: number): Stat {
  const stat = { ...emptyStat({ missing, unit: 'ms' }), n: values.length };
  if (values.length < fewestFor[name]) return stat;
  const q = Number(name.slice(1)) / 100;
  const sorted = Float64Array.from(values).sort();
  const above = sorted[Math.ceil((sorted.length - 1) * q)] ?? 0;
  // Between a time and no time at all there is no interpolating.
  return { ...stat, value: Number.isFinite(above) ? quantile(sorted, q) : above };
}
