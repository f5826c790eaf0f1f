/** What became of one cell from one run to the next, and the list of those that a person should look at. */
import type { Bounded, CellChange, CellChangeKind, CellSide, Sample } from '../types.ts';
import type { JoinedRow } from './rows.ts';

/** The same cell in both runs. */
export interface CellPair {
  readonly before: JoinedRow;
  readonly after: JoinedRow;
}

/** Changes that are listed; the rest is counted. */
const listedAtMost = 200;
/** Of an answer, in code points. */
const excerptLength = 160;
const rounding = 1e-9;

/** Exactly one for every cell that both runs planned. */
export function changeOf({ before, after }: CellPair): CellChangeKind {
  const [was, is] = [isAnswered(before), isAnswered(after)];
  if (!was || !is) return was ? 'lost' : is ? 'back' : 'same';
  if ((before.score === null) !== (after.score === null)) return 'incomparable';
  const rise = riseOf(before, after);
  if (rise !== 0) return rise > 0 ? 'better' : 'worse';
  return textOf(before.sample) === textOf(after.sample) ? 'same' : 'reworded';
}

/** A pass that was lost or won outweighs the score: a threshold was crossed. */
function riseOf(before: JoinedRow, after: JoinedRow): number {
  if (before.pass !== null && after.pass !== null && before.pass !== after.pass) return after.pass ? 1 : -1;
  const rise = (after.score ?? 0) - (before.score ?? 0);
  return Math.abs(rise) < rounding ? 0 : rise;
}

/** Worse and lost first, the largest fall first; then what cannot be compared, then what got better. Else in plan order. */
export function changesOf(pairs: readonly CellPair[]): Bounded<CellChange> {
  const found = pairs.flatMap((pair, at) => {
    const change = changeOf(pair);
    return change === 'same' || change === 'reworded' ? [] : [{ pair, change, at, fall: fallOf(pair) }];
  });
  const sorted = found.toSorted((a, b) => rank[a.change] - rank[b.change] || b.fall - a.fall || a.at - b.at);
  return {
    list: sorted.slice(0, listedAtMost).map(({ pair, change }) => describe(pair, change)),
    distinct: found.length,
  };
}

const rank: Readonly<Record<CellChange['change'], number>> = {
  worse: 0,
  lost: 0,
  incomparable: 1,
  better: 2,
  back: 2,
};

/** Of the score; an answer that is no longer there has lost all it had. */
function fallOf({ before, after }: CellPair): number {
  const fall = (before.score ?? 0) - (after.score ?? 0);
  return before.pass === true && after.pass === false ? 1 + fall : fall;
}

function describe({ before, after }: CellPair, change: CellChange['change']): CellChange {
  const { key, suite, test, language, variant, target, repeat } = after.cell;
  return {
    cell: key,
    suite,
    test,
    language,
    variant,
    target,
    repeat,
    change,
    before: sideOf(before),
    after: sideOf(after),
  };
}

function sideOf({ kind, score, pass, sample }: JoinedRow): CellSide {
  return { kind, score, pass, excerpt: excerptOf(textOf(sample)) };
}

function isAnswered({ sample }: JoinedRow): boolean {
  return sample?.outcome.kind === 'answered';
}

/** What the model said, by any of its ways of saying it; or what happened instead. */
function textOf(sample: Sample | null): string {
  if (sample === null) return '';
  const { outcome } = sample;
  if (outcome.kind === 'failed') return outcome.failure.code;
  const calls = outcome.toolCalls.map((call) => `${call.name}(${call.arguments})`);
  return [outcome.text, outcome.refusal ?? '', ...calls].filter((part) => part !== '').join(' ');
}

function excerptOf(text: string): string {
  const points = Array.from(text.replaceAll(/\s+/gu, ' ').trim());
  return points.length <= excerptLength ? points.join('') : `${points.slice(0, excerptLength - 1).join('')}…`;
}
