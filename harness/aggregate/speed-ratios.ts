/**
 * How much faster or slower one target was, from times that met the same prompt side by side. In the quality phase a
 * unit is a question; in the speed phase a question at concurrency 1 (the median over its repeats) and a pair of adjacent
 * blocks above (the geometric mean over a block). Blocks of one machine drift together, requests of one block do too: a
 * request is never a unit.
 */
import type { SpeedLevelRow, SpeedFloor, SpeedRatio } from '../types.ts';
import { groupBy } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';
import type { LevelBlocks } from './speed-blocks.ts';
import { ratioSentence } from './speed-sentence.ts';
import { answerSpeed } from './answer-speed.ts';
import { mean } from './stats/clustered.ts';
import { holm } from './stats/holm.ts';
import { languageRatio, overallRatio, type Ratio } from './stats/log-ratio.ts';
import { fnv1a32 } from './stats/pcg32.ts';
import { median } from './stats/quantile.ts';
import { isSteady, isTimed, isUndisturbed, timesOf } from './times.ts';

type Metric = SpeedRatio['metric'];
const metrics: readonly Metric[] = ['ttftMs', 'e2eMs'];

/** ln(other / baseline) of one unit, with what it is a unit of. */
interface LogRatio {
  readonly cluster: string;
  readonly language: string;
  readonly value: number;
}

export interface RatioInput {
  readonly axes: Axes;
  readonly baseline: string;
  readonly seed: number;
}

/** Of every other target over the baseline, per metric: over all languages, then per language. */
export function qualityRatios(input: RatioInput, rows: readonly JoinedRow[]): SpeedRatio[] {
  const byTarget = groupBy(rows, (row) => row.cell.target);
  const base = byTarget.get(input.baseline) ?? [];
  const plannedIn = groupBy(base, (row) => row.cell.language);
  return others(input).flatMap((other) =>
    metrics.flatMap((metric) => {
      const theirs = byTarget.get(other) ?? [];
      const design = isSingleFile(base) && isSingleFile(theirs) ? 'questions' : 'block-pairs';
      const pairs = pairedQuestions(base, theirs, metric, design);
      const byLanguage = groupBy(pairs, (pair) => pair.language);
      const rows = [null, ...input.axes.languages].flatMap((language): Rated[] => {
        const own = language === null ? pairs : (byLanguage.get(language) ?? []);
        const planned = language === null ? base.length : (plannedIn.get(language)?.length ?? 0);
        if (planned === 0) return [];
        return [
          rated(own, planned, input, {
            phase: 'quality',
            series: null,
            level: null,
            language,
            metric,
            other,
            baseline: input.baseline,
            design,
          }),
        ];
      });
      return corrected(rows);
    }),
  );
}

/** Of the languages only what Holm leaves is faster or slower; the overall ratio is one claim. */
function corrected(rows: readonly Rated[]): SpeedRatio[] {
  const isClaim = ({ found, p }: Rated): boolean => found.language !== null && p !== null;
  const adjusted = holm(rows.filter(isClaim).map(({ p }) => p ?? 1));
  let next = 0;
  return rows.map((row): SpeedRatio => {
    if (!isClaim(row)) return row.found;
    const pHolm = adjusted[next++] ?? null;
    const isOpen = row.found.label === 'faster' || row.found.label === 'slower';
    const label = isOpen && (pHolm ?? 1) >= significance ? 'no-difference' : row.found.label;
    const found = { ...row.found, pHolm, label };
    return { ...found, sentence: ratioSentence(found, null) };
  });
}

/** The same of every level of the speed phase, over all its languages. */
export function loadRatios(
  input: RatioInput,
  levels: readonly LevelBlocks[],
  judged: readonly SpeedLevelRow[],
  floors: readonly SpeedFloor[],
): SpeedRatio[] {
  const byLevel = groupBy(levels, ({ series, level }) => `${series}\u0000${level}`);
  return [...byLevel.values()].flatMap((same) => {
    const base = same.find((one) => one.target === input.baseline);
    if (base === undefined) return [];
    return same
      .filter((one) => one !== base)
      .flatMap((other) => metrics.map((metric) => loadRatio(input, base, other, { metric, judged, floors })));
  });
}

interface Judged {
  readonly metric: Metric;
  readonly judged: readonly SpeedLevelRow[];
  readonly floors: readonly SpeedFloor[];
}

function loadRatio(
  input: RatioInput,
  base: LevelBlocks,
  other: LevelBlocks,
  { metric, judged, floors }: Judged,
): SpeedRatio {
  // Blocks of one question at a time; where one server runs at a time, turns are blocks at every level.
  const isSingle = base.blocks.every(({ requests }) => requests.length <= 1);
  const rowOf = ({ series, level, target }: LevelBlocks): SpeedLevelRow | undefined =>
    judged.find((row) => row.series === series && row.level === level && row.target === target);
  const sides = [rowOf(base), rowOf(other)];
  // Total times of answers that were each as long as they liked are times of different work.
  const isComparable = metric === 'ttftMs' || sides.every((row) => row?.work === 'fixed');
  const pairs = isComparable ? pairedUnits(base, other, metric, isSingle) : [];
  const units = new Set(base.blocks.flatMap(({ requests }) => requests.map(({ request }) => request.unit)));
  const { found } = rated(pairs, units.size, input, {
    phase: 'speed',
    series: base.series,
    level: base.level,
    language: null,
    metric,
    other: other.target,
    baseline: base.target,
    design: isSingle ? 'questions' : 'block-pairs',
  });
  const doubt = sides.map((row) => row?.doubt ?? null).find((each) => each !== null);
  const floor = floors.find(
    ({ concurrency }) => base.first.load.kind === 'closed' && concurrency === base.first.load.concurrency,
  );
  const apart = Math.abs((sides[0]?.[metric].p50 ?? 0) - (sides[1]?.[metric].p50 ?? 0));
  const isBelow = floor !== undefined && apart < floor.addedTtftP50Ms;
  if (doubt === undefined && !isBelow) return found;
  const why = doubt ?? 'the difference is smaller than what this client adds by itself';
  return {
    ...found,
    label: 'not-resolvable',
    sentence: ratioSentence({ ...found, label: 'not-resolvable' }, why),
  };
}

function others({ axes, baseline }: RatioInput): string[] {
  return axes.targets.filter((target) => target !== baseline);
}

/** Asked one at a time: else the questions of a block share what the machine did then. */
function isSingleFile(rows: readonly JoinedRow[]): boolean {
  return rows.every(({ sample }) => sample === null || sample.concurrency === 1);
}

/**
 * Answers at the first attempt on both sides that nothing of ours disturbed, by question; repeats of one question count once, by their median. Where
 * more than one was in flight, the block they were asked in is the unit.
 */
function pairedQuestions(
  base: readonly JoinedRow[],
  other: readonly JoinedRow[],
  metric: Metric,
  design: SpeedRatio['design'],
): LogRatio[] {
  const timesBy = (rows: readonly JoinedRow[]): Map<string, { row: JoinedRow; times: number[] }> => {
    const found = new Map<string, { row: JoinedRow; times: number[] }>();
    for (const row of rows) {
      const { sample } = row;
      if (sample === null || !isTimed(sample)) continue;
      const time = answerSpeed(sample, row.times)[metric];
      if (time === null || time <= 0) continue;
      const { name } = row.names;
      const known = found.get(name);
      if (known === undefined) found.set(name, { row, times: [time] });
      else known.times.push(time);
    }
    return found;
  };
  const left = timesBy(base);
  return [...timesBy(other)].flatMap(([name, { row, times }]): LogRatio[] => {
    const pair = left.get(name);
    return pair === undefined
      ? []
      : [
          {
            cluster:
              design === 'questions'
                ? row.names.cluster
                : `block ${pair.row.sample?.leg ?? ''} ${pair.row.sample?.block ?? -1}`,
            language: row.cell.language,
            value: Math.log(median(times) / median(pair.times)),
          },
        ];
  });
}

function pairedUnits(base: LevelBlocks, other: LevelBlocks, metric: Metric, isSingle: boolean): LogRatio[] {
  const left = unitTimes(base, metric, isSingle);
  return [...unitTimes(other, metric, isSingle)].flatMap(
    ([unit, { cluster, language, time }]): LogRatio[] => {
      const pair = left.get(unit);
      return pair === undefined ? [] : [{ cluster, language, value: Math.log(time / pair.time) }];
    },
  );
}

interface UnitTime {
  readonly cluster: string;
  readonly language: string;
  readonly time: number;
}

/** A unit with a failure in it, or with an answer that we could not time, has none: those may have been the slow ones. */
function unitTimes(level: LevelBlocks, metric: Metric, isSingle: boolean): Map<string, UnitTime> {
  const requests = level.blocks.flatMap((block) => block.requests);
  const times = new Map<string, UnitTime>();
  for (const [unit, own] of groupBy(requests, ({ request }) => request.unit)) {
    const values = own.flatMap(({ sample }) =>
      !isUndisturbed(sample) || (metric === 'ttftMs' && !isSteady(sample))
        ? []
        : (timesOf(sample)[metric] ?? []),
    );
    const [first] = own;
    if (first === undefined || values.length < own.length || values.some((value) => value <= 0)) continue;
    const time = isSingle ? median(values) : Math.exp(mean(values.map(Math.log)));
    // A pair of blocks is a draw of its own; questions of one item are not, whatever their language.
    const { cluster, language } = first.request;
    times.set(unit, isSingle ? { cluster, language, time } : { cluster: unit, language: 'all', time });
  }
  return times;
}

type Scope = Omit<SpeedRatio, 'ratio' | 'units' | 'pHolm' | 'label' | 'sentence'>;

interface Rated {
  readonly found: SpeedRatio;
  /** Before any correction. */
  readonly p: number | null;
}

function rated(pairs: readonly LogRatio[], planned: number, { seed }: RatioInput, scope: Scope): Rated {
  const { phase, series, level, language, metric, other, baseline } = scope;
  // The pair in alphabetical order: a swap of the targets moves no draw.
  const name = [phase, series, level, language, metric, ...[other, baseline].toSorted(), 'ratio'];
  const chance = { seed, seq: fnv1a32(name.join('\u0000')) };
  const isMacro = scope.language === null && (scope.phase === 'quality' || scope.design === 'questions');
  const found = isMacro ? overallRatio(pairs, chance) : languageRatio(pairs, chance);
  const ratio: SpeedRatio = {
    ...scope,
    ratio: {
      value: found.ratio,
      low: found.low,
      high: found.high,
      n: pairs.length,
      missing: Math.max(0, planned - pairs.length),
      unit: 'ratio',
      method: found.method,
    },
    units: found.units,
    pHolm: null,
    label: labelOf(found),
    sentence: '',
  };
  return { found: { ...ratio, sentence: ratioSentence(ratio, null) }, p: found.p };
}

/** A difference inside this factor is none that anybody feels; the same whichever of the two is the baseline. */
const negligible = 1.05;
const significance = 0.05;

function labelOf({ ratio, low, high }: Ratio): SpeedRatio['label'] {
  if (ratio === null || low === null || high === null) return 'no-interval';
  if (low > 1 / negligible && high < negligible) return 'negligible';
  if (low <= 1 && high >= 1) return 'no-difference';
  return ratio < 1 ? 'faster' : 'slower';
}
