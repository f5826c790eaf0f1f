import { describe, expect, it } from 'vitest';
import {
  cell,
  check,
  finding,
  sample,
  scored,
  syntheticRun,
  unscored,
  type Scripted,
} from '../../fixtures/aggregate/synthetic-run.ts';
import type { ScoreRow, Verdict } from '../types.ts';
import { aggregate } from './aggregate.ts';

const languages = ['am', 'zh'];

/** Two targets, three repeats; what `beta` does in the second repeat of the first four items is `what`. */
function withSecond(what: Scripted) {
  return aggregate(
    syntheticRun({
      languages,
      items: 12,
      repeats: 3,
      script: (target, _, item, repeat) => (target === 'beta' && repeat === 2 && item < 4 ? what : 1),
    }),
  );
}
function rowOf(scores: readonly ScoreRow[], language: string | null, metric: string | null): ScoreRow {
  const row = scores.find(
    (each) =>
      each.target === 'beta' && each.language === language && each.suite === null && each.metric === metric,
  );
  if (row === undefined) throw new Error('no row');
  return row;
}

describe('an item with repeats', () => {
  it.each(['failed', 'unasked', 'crashed'] as const)('is missing when one repeat is %s', (what) => {
    const { summary, rows } = withSecond(what);
    for (const metric of [null, 'exact']) {
      for (const figure of ['score', 'passRate'] as const) {
        expect(rowOf(summary.scores, 'zh', metric)[figure]).toMatchObject({ n: 8, missing: 4 });
        expect(rowOf(summary.scores, null, metric)[figure]).toMatchObject({ n: 16, missing: 8 });
      }
    }
    // No pair rests on three repeats on one side and on two on the other.
    expect(summary.comparisons.find((each) => each.language === 'zh')?.difference).toMatchObject({
      n: 8,
      missing: 4,
    });
    // The repeats that were answered keep their own rows.
    expect(rows.filter((each) => each.score === 1)).toHaveLength(144 - 8);
  });

  it('is there when a check did not apply to one repeat: that touches no mean', () => {
    expect(rowOf(withSecond('not-applicable').summary.scores, 'am', null).score).toMatchObject({
      value: 1,
      n: 12,
      missing: 0,
    });
  });
});

describe('an item with a crashed check', () => {
  const planned = cell({
    target: 'beta',
    checks: [
      { ...check, weight: 1 },
      { ...check, type: 'language', metric: 'language', weight: 9 },
    ],
  });
  const scoresOf = (second: Verdict): readonly ScoreRow[] =>
    aggregate({
      ...syntheticRun({ items: 0, targets: ['beta'], script: () => 1 }),
      plan: { cells: [planned] },
      samples: [sample(planned)],
      findings: [finding(planned, scored(1)), finding(planned, second, 1)],
    }).summary.scores;

  it('is missing, and keeps the metric that was judged', () => {
    const scores = scoresOf(unscored('check-error'));
    const nothing = { value: null, n: 0, missing: 1 };
    expect(rowOf(scores, 'am', null)).toMatchObject({ score: nothing, passRate: nothing });
    expect(rowOf(scores, 'am', 'language').score).toMatchObject(nothing);
    expect(rowOf(scores, 'am', 'exact').score).toMatchObject({ value: 1, n: 1, missing: 0 });
  });

  it('is another thing than a check that does not apply, whose weight goes with it', () => {
    expect(rowOf(scoresOf(unscored('not-applicable')), 'am', null).score).toMatchObject({
      value: 1,
      n: 1,
      missing: 0,
    });
  });
});
