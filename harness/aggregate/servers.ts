/**
 * What servers counted themselves, by difference of their counters between two quiet points, beside what we counted: a
 * gap says that somebody else used the server, or that answers were lost.
 */
import type { Phase, Reading, Sample, ServerRow } from '../types.ts';
import { groupBy } from './grouping.ts';
import { serverTime, timeFromCounters } from './histogram.ts';
import { inOrder, largest, lastOf, readsOf, type Read } from './readings.ts';

type Counter = 'preemptions' | 'promptTokens' | 'cachedTokens' | 'generationTokens' | 'generationSeconds';

const phases: readonly Phase[] = ['quality', 'speed'];
const counters: readonly Counter[] = [
  'preemptions',
  'promptTokens',
  'cachedTokens',
  'generationTokens',
  'generationSeconds',
];

/** Counters agree this well, or something is wrong. */
const allowedMismatch = 0.01;

/** From a quiet look before the load to the one after it. */
export interface Stretch {
  readonly phase: Phase;
  readonly leg: string;
  readonly first: Read<'metrics'>;
  readonly last: Read<'metrics'>;
  /** With what was read between. */
  readonly all: readonly Read<'metrics'>[];
  /** A counter fell: the server was started again, and no difference means anything. */
  readonly isRestarted: boolean;
}

/** The stretches in a target's readings, which are in order. One without an end is none. */
function stretchesOf(readings: readonly Read<'metrics'>[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const group of groupBy(readings, ({ phase, leg }) => `${phase} ${leg}`).values()) {
    let open: Read<'metrics'>[] = [];
    for (const reading of group) {
      if (reading.moment === 'idle') open = [reading];
      else if (open.length > 0) open.push(reading);
      const [first] = open;
      if (reading.moment !== 'after' || first === undefined || first === reading) continue;
      const { phase, leg } = reading;
      stretches.push({ phase, leg, first, last: reading, all: open, isRestarted: fell(open) });
      open = [];
    }
  }
  return stretches;
}

function fell(readings: readonly Read<'metrics'>[]): boolean {
  return counters.some((name) => {
    let before: number | null = null;
    for (const { values } of readings) {
      const value = values[name];
      if (value === null) continue;
      if (before !== null && value < before) return true;
      before = value;
    }
    return false;
  });
}

/** Growth of a counter over all stretches; null when it is unknown in one of them, or there is none. */
function growth(stretches: readonly Stretch[], name: Counter): number | null {
  if (stretches.length === 0) return null;
  let total = 0;
  for (const { first, last, isRestarted } of stretches) {
    const from = first.values[name];
    const to = last.values[name];
    if (isRestarted || from === null || to === null) return null;
    total += to - from;
  }
  return total;
}

/** The same over every phase and start of a run. */
export function countedInPhases(readings: readonly Read<'metrics'>[], name: Counter): number | null {
  return growth(stretchesOf(readings), name);
}

/** A row per target and phase whose server has a metrics page. The order of the inputs does not matter. */
export function serverRows(
  targets: readonly string[],
  readings: readonly Reading[],
  samples: readonly Sample[],
): ServerRow[] {
  const byTarget = groupBy(readsOf(inOrder(readings), 'metrics'), (reading) => reading.target);
  return targets.flatMap((target) => {
    const own = byTarget.get(target) ?? [];
    const stretches = stretchesOf(own);
    return phases.flatMap((phase) => {
      const reads = own.filter((reading) => reading.phase === phase);
      if (reads.length === 0) return [];
      return serverRow(
        target,
        phase,
        reads,
        stretches.filter((stretch) => stretch.phase === phase),
        samples.filter((sample) => sample.target === target && sample.phase === phase),
      );
    });
  });
}

function serverRow(
  target: string,
  phase: Phase,
  reads: readonly Read<'metrics'>[],
  stretches: readonly Stretch[],
  samples: readonly Sample[],
): ServerRow {
  const legs = new Set(stretches.map(({ leg }) => leg));
  const generationTokens = growth(stretches, 'generationTokens');
  const usageTokens = usageOf(samples.filter(({ leg }) => legs.has(leg)));
  const mismatch =
    generationTokens === null || usageTokens === null || generationTokens === 0
      ? null
      : (usageTokens - generationTokens) / generationTokens;
  const isRestarted = stretches.some((stretch) => stretch.isRestarted);
  const sound = isRestarted ? [] : stretches;
  return {
    target,
    phase,
    server: lastOf(reads.filter(({ server }) => server !== null))?.server ?? null,
    promptTokens: growth(stretches, 'promptTokens'),
    generationTokens,
    usageTokens,
    mismatch,
    preemptions: growth(stretches, 'preemptions'),
    peakWaiting: largest(reads.map(({ values }) => values.waiting)),
    ttftMs: serverTime(sound.map(({ first, last }) => [first.histograms.ttft, last.histograms.ttft])),
    tpotMs:
      serverTime(sound.map(({ first, last }) => [first.histograms.tpot, last.histograms.tpot])) ??
      timeFromCounters(growth(stretches, 'generationSeconds'), generationTokens),
    named: namedOf(reads),
    readings: reads.length,
    flags: [
      ...(isRestarted ? ['server-restarted'] : []),
      ...(mismatch !== null && Math.abs(mismatch) > allowedMismatch ? ['counter-mismatch'] : []),
    ],
  };
}

/** null as soon as one answer does not say what it took. */
function usageOf(samples: readonly Sample[]): number | null {
  let total = 0;
  for (const { usage, outcome } of samples) {
    if (usage.completion !== null) total += usage.completion;
    else if (outcome.kind === 'answered') return null;
  }
  return samples.length === 0 ? null : total;
}

function namedOf(reads: readonly Read<'metrics'>[]): ServerRow['named'] {
  const names = new Set(reads.flatMap(({ named }) => Object.keys(named)));
  return [...names].toSorted().flatMap((name) => {
    const values = reads.flatMap(({ named }) => named[name] ?? []);
    const [first] = values;
    const last = values.at(-1);
    return first === undefined || last === undefined
      ? []
      : [{ name, first, last, peak: largest(values) ?? last }];
  });
}
