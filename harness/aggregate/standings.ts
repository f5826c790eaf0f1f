/** All targets beside each other: who is behind whom as far as the tests tell, and quality, speed and memory in one place. */
import type {
  Comparison,
  MemoryFigure,
  MemoryRow,
  ScoreRow,
  SpeedRow,
  Standing,
  Standings,
  Stat,
} from '../types.ts';
import { comparePairs } from './compare.ts';
import type { ObservationsByMetric } from './observation.ts';
import type { Axes } from './scores.ts';
import { emptyStat } from './stat.ts';

export interface StandingsInput {
  readonly axes: Axes;
  readonly seed: number;
  readonly observations: ReadonlyMap<string, ObservationsByMetric>;
  /** Each other target against the baseline. */
  readonly comparisons: readonly Comparison[];
  readonly scores: readonly ScoreRow[];
  readonly speed: readonly SpeedRow[];
  readonly memory: readonly MemoryRow[];
}

export function standingsOf(input: StandingsInput): Standings {
  const { axes, comparisons } = input;
  const pairs = axes.targets.length < 3 ? [] : comparePairs(input);
  const known = pairs.length > 0 ? pairs : comparisons.filter(isOverall);
  const { memoryOf, basis, figures } = commonMemory(axes.targets, input.memory);
  const drafts = axes.targets.map((target): Draft => {
    const overall = input.scores.find((row) => row.target === target && isOverall(row));
    const speed = input.speed.find((row) => row.target === target && row.language === null);
    return {
      target,
      ...verdictsOn(target, axes.targets, known),
      score: overall?.score ?? emptyStat({ missing: 0, unit: 'share' }),
      charsPerSecond: speed?.charsPerSecond ?? emptyStat({ missing: 0, unit: 'chars/s' }),
      memory: figures.get(target) ?? null,
    };
  });
  const rows = drafts
    .map((draft): Standing => ({ ...draft, outdoneBy: outdoneBy(draft, drafts, memoryOf !== null) }))
    .toSorted((a, b) => (b.score.value ?? -1) - (a.score.value ?? -1));
  return { memoryOf, basis, rows, pairs };
}

type Draft = Omit<Standing, 'outdoneBy'>;

function isOverall(row: Pick<ScoreRow, 'language' | 'suite' | 'metric'>): boolean {
  return row.language === null && row.suite === null && row.metric === null;
}

/** What the comparisons say of a target, and the places they leave open to it. */
function verdictsOn(
  target: string,
  targets: readonly string[],
  comparisons: readonly Comparison[],
): Pick<Standing, 'from' | 'to' | 'better' | 'worse' | 'open'> {
  const better: string[] = [];
  const worse: string[] = [];
  const open: string[] = [];
  for (const rival of targets) {
    if (rival === target) continue;
    const label = labelAgainst(target, rival, comparisons);
    (label === 'better' ? better : label === 'worse' ? worse : open).push(rival);
  }
  return { from: worse.length + 1, to: targets.length - better.length, better, worse, open };
}

function labelAgainst(
  target: string,
  rival: string,
  comparisons: readonly Comparison[],
): Comparison['label'] | null {
  const mirrored = { better: 'worse', worse: 'better' } as const;
  for (const { other, baseline, label } of comparisons) {
    if (other === target && baseline === rival) return label;
    if (other === rival && baseline === target)
      return label === 'better' || label === 'worse' ? mirrored[label] : label;
  }
  return null;
}

const sources = {
  'gpu.peak': ({ gpu }: MemoryRow) => gpu.peak,
  'gpu.afterLoad': ({ gpu }: MemoryRow) => gpu.afterLoad,
  'host.afterLoad': ({ host }: MemoryRow) => host.afterLoad,
  'estimate.total': ({ estimate }: MemoryRow) => estimate.total,
} as const;

/** The first figure that every target has, of one basis: two bases are two quantities. */
function commonMemory(
  targets: readonly string[],
  memory: readonly MemoryRow[],
): Pick<Standings, 'memoryOf' | 'basis'> & { readonly figures: ReadonlyMap<string, MemoryFigure> } {
  for (const name of ['gpu.peak', 'gpu.afterLoad', 'host.afterLoad', 'estimate.total'] as const) {
    const figures = new Map(
      memory.flatMap((row): (readonly [string, MemoryFigure])[] => {
        const figure = sources[name](row);
        return figure === null ? [] : [[row.target, figure]];
      }),
    );
    const bases = new Set([...figures.values()].map(({ basis }) => basis));
    const [basis] = bases;
    if (basis !== undefined && bases.size === 1 && targets.every((target) => figures.has(target)))
      return { memoryOf: name, basis, figures };
  }
  return { memoryOf: null, basis: null, figures: new Map() };
}

/** Those that leave no reason to take this one, by the figures as they stand: whether they differ is said elsewhere. */
function outdoneBy(own: Draft, all: readonly Draft[], withMemory: boolean): readonly string[] | null {
  const mine = figuresOf(own, withMemory);
  if (mine === null) return null;
  return all.flatMap((rival) => {
    const theirs = rival === own ? null : figuresOf(rival, withMemory);
    if (theirs === null) return [];
    const gains = theirs.map((value, at) => value - (mine[at] ?? 0));
    return gains.every((gain) => gain >= 0) && gains.some((gain) => gain > 0) ? [rival.target] : [];
  });
}

/** More is better in each; null where one is missing. */
function figuresOf({ score, charsPerSecond, memory }: Draft, withMemory: boolean): number[] | null {
  const values: Stat['value'][] = [score.value, charsPerSecond.value];
  if (withMemory) values.push(memory === null ? null : -memory.bytes);
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? known : null;
}
