import { describe, expect, it } from 'vitest';
import { syntheticRun } from '../../../fixtures/aggregate/synthetic-run.ts';
import { syntheticReport } from '../../../fixtures/report/synthetic-report.ts';
import { wholeText } from '../../../fixtures/report/whole-text.ts';
import { aggregate } from '../../aggregate/aggregate.ts';
import { renderPage } from '../html/page.ts';
import { disagreements } from './disagreement.ts';

const languages = ['ar', 'th', 'hi', 'zh', 'ja', 'ko', 'sw', 'tr'];

/** Item by item: alpha right, beta right, both, neither, beta silent, a crash, no check that applies. */
const script = (target: string, language: string, item: number) => {
  const isAlpha = target === 'alpha';
  const table = [
    isAlpha ? 1 : 0,
    isAlpha ? 0 : 1,
    1,
    0,
    isAlpha ? 1 : 'failed',
    isAlpha ? 'crashed' : 1,
    'not-applicable',
  ] as const;
  // One more item for beta in Thai alone.
  return item === 7 ? (isAlpha || language !== 'th' ? 0 : 1) : (table[item] ?? 1);
};

describe('where two targets disagree', () => {
  const report = aggregate(syntheticRun({ languages, items: 8, script }));
  const [pair] = disagreements(report);

  it('counts both ways, language by language, and what was right or wrong on both sides', () => {
    expect([pair?.other, pair?.baseline]).toEqual(['beta', 'alpha']);
    expect(pair?.lines.map(({ language }) => language?.tag ?? null)).toEqual([null, ...languages]);
    const told = pair?.lines.map((line) => [
      line.onlyOther.count,
      line.onlyBaseline.count,
      line.both,
      line.neither,
      line.n,
      line.missing,
    ]);
    const usual = [1, 1, 1, 2, 5, 3];
    expect(told).toEqual([
      [9, 8, 8, 15, 40, 24],
      ...languages.map((tag) => (tag === 'th' ? [2, 1, 1, 1, 5, 3] : usual)),
    ]);
  });

  it('calls an outage, a crash and a check that does not apply missing, and never wrong', () => {
    const kinds = pair?.lines.flatMap(({ onlyOther, onlyBaseline }) => [
      ...onlyOther.kinds,
      ...onlyBaseline.kinds,
    ]);
    expect(new Set(kinds?.map(({ kind }) => kind))).toEqual(new Set(['wrong-answer']));
  });

  it('says what the wrong one did instead, most frequent first, adding up to the count', () => {
    const [synthetic] = disagreements(syntheticReport());
    const sides = synthetic?.lines.flatMap((line) => [line.onlyOther, line.onlyBaseline]) ?? [];
    for (const { count, kinds } of sides) {
      const counts = kinds.map((each) => each.count);
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(count);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    }
    expect(new Set(sides.flatMap(({ kinds }) => kinds.map(({ kind }) => kind))).size).toBeGreaterThan(3);
  });

  it('has a table for every target but the baseline, and no section for one alone', () => {
    expect(disagreements(syntheticReport({ tests: 2, targets: 4 }))).toHaveLength(3);
    const single = syntheticReport({ tests: 2, targets: 1 });
    expect(disagreements(single)).toEqual([]);
    expect(wholeText(renderPage(single))).not.toContain('id="disagree"');
  });
});
