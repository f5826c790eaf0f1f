/** Claims on shares: the score, the pass rate or a metric of a target, alone or minus those of another or of an earlier run. */
import type { LanguageTag } from '../../types.ts';
import { differenceInterval, differenceStat } from '../difference.ts';
import type { Observation } from '../observation.ts';
import { pairUp, type Pairing, type PickScore } from '../pairing.ts';
import { chanceOf, itemShares } from '../scores.ts';
import { macroShareStat, shareInterval, shareStat, type Over } from '../stat.ts';
import {
  answeredIn,
  byValue,
  isFloor,
  languagesOf,
  rowsIn,
  type ClaimDraft,
  type GateContext,
  type GateSide,
} from './draft.ts';
import type { Gate, ShareMeasure } from './expression.ts';
import { byInterval, type Ranged, type RangedClaim } from './margin.ts';

type ShareGate =
  | (Extract<Gate, { kind: 'absolute' }> & { readonly measure: ShareMeasure })
  | Extract<Gate, { kind: 'relative' }>;

/** The claims of a gate on a share: one per target, and per language where it says so. */
export function shareClaims(gate: ShareGate, context: GateContext): ClaimDraft[] {
  const { comparison, limit, measure } = gate;
  const metric = metricOf(measure);
  const claims = gate.targets.flatMap((target) =>
    languagesOf(context, gate.language, target, metric).map((language) =>
      gate.kind === 'absolute'
        ? alone({ target, language, measure, up: isFloor(comparison) }, context)
        : minus({ target, language, measure, up: isFloor(comparison), against: gate.against }, context),
    ),
  );
  if (gate.by === 'ci') return byInterval(claims, comparison, limit);
  return claims.map(({ found, counted, isFlat: _isFlat, ...claim }) => ({
    ...claim,
    found: found.stat,
    counted: counted.stat,
    ...byValue(counted.stat, comparison, limit),
  }));
}

interface Alone {
  readonly target: string;
  readonly language: LanguageTag | null;
  readonly measure: ShareMeasure;
  /** The limit is a floor: what is missing counts as 0; else as 1. */
  readonly up: boolean;
}

function alone({ target, language, measure, up }: Alone, context: GateContext): RangedClaim {
  const items = itemsOf(context, { target, language, measure });
  const pick = pickOf(measure);
  const known = itemShares(items, pick);
  const chance = chanceOf({ language, suite: null, metric: metricOf(measure) }, context.seed);
  const over: Over = language === null ? 'languages' : 'language';
  const ranged = (value: PickScore): Ranged => {
    const shares = itemShares(items, value);
    const counts = { missing: items.length - shares.length, unit: 'share' };
    const stat = (over === 'languages' ? macroShareStat : shareStat)(shares, counts, chance);
    return { stat, intervalAt: shareInterval(shares, over, chance) };
  };
  return {
    target,
    against: null,
    language,
    found: ranged(pick),
    counted: ranged(up ? lowest(measure) : highest(measure)),
    clusters: new Set(known.map(({ cluster }) => cluster)).size,
    isFlat: known.every(({ value }) => value === known[0]?.value),
    answered: answeredIn(rowsIn(context, target, language)),
  };
}

function minus(claim: Alone & { readonly against: string | null }, context: GateContext): RangedClaim {
  const { target, against, language, measure, up } = claim;
  const [left, right] =
    against === null ? [context.shared?.later ?? null, context.shared?.earlier ?? null] : [context, context];
  const other = against ?? target;
  const items = left === null ? [] : itemsOf(left, { target, language, measure });
  const partners = right === null ? [] : itemsOf(right, { target: other, language, measure });
  const over: Over = language === null ? 'languages' : 'language';
  const ranged = (pairing: Pairing): Ranged => ({
    stat: differenceStat(pairing, over),
    intervalAt: differenceInterval(pairing, over),
  });
  const pick = pickOf(measure);
  const pairing = pairUp(items, partners, pick);
  const [low, high] = [lowest(measure), highest(measure)];
  const shares = [left, right].map((side, at) =>
    side === null ? null : answeredIn(rowsIn(side, at === 0 ? target : other, language)),
  );
  return {
    target,
    against,
    language,
    found: ranged(pairing),
    counted: ranged(up ? pairUp(items, partners, low, high) : pairUp(items, partners, high, low)),
    clusters: new Set(pairing.pairs.map(({ cluster }) => cluster)).size,
    isFlat: pairing.pairs.every((pair) => pair.other === pair.baseline),
    answered: shares.includes(null) ? null : Math.min(...shares.map((share) => share ?? 0)),
  };
}

function metricOf(measure: ShareMeasure): string | null {
  return measure.kind === 'metric' ? measure.name : null;
}

/** The items whose share is due. Those of a metric carry the definitions of the cell: a difference must have one. */
function itemsOf(
  side: GateSide,
  { target, language, measure }: Pick<Alone, 'target' | 'language' | 'measure'>,
): readonly Observation[] {
  const byMetric = side.observations.get(target);
  const all = byMetric?.get(metricOf(measure)) ?? [];
  const due = all.filter(
    (item) =>
      (language === null || item.language === language) &&
      (measure.kind === 'pass' ? item.judged : item.scorable),
  );
  if (measure.kind !== 'metric') return due;
  const signatures = new Map((byMetric?.get(null) ?? []).map((item) => [item.name, item.signatures ?? []]));
  return due.map((item) => ({ ...item, signatures: signatures.get(item.name) ?? [] }));
}

function pickOf(measure: ShareMeasure): PickScore {
  return measure.kind === 'pass' ? (item) => item.pass : (item) => item.score;
}

/** With what is lost counted as wrong; null where no check applies. */
function lowest(measure: ShareMeasure): PickScore {
  return measure.kind === 'pass' ? (item) => item.worst.pass : (item) => item.worst.score;
}

/** With an item of which anything is lost counted as 1: no more could have come. */
function highest(measure: ShareMeasure): PickScore {
  const [there, worst] = [pickOf(measure), lowest(measure)];
  return (item) => there(item) ?? (worst(item) === null ? null : 1);
}
