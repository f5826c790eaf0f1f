/** The two measures of how far sequences are from each other, against the plain tables that define them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subsequenceWith } from './common-subsequence.ts';
import { editDistance } from './edit-distance.ts';
import { ngramCount, ngramIndex } from './ngrams.ts';

function plainDistance<T>(a: readonly T[], b: readonly T[]): number {
  let row = b.map((_, at) => at + 1);
  for (const [above, item] of a.entries()) {
    const next: number[] = [];
    for (const [at, other] of b.entries()) {
      const left = next[at - 1] ?? above + 1;
      const diagonal = at === 0 ? above : (row[at - 1] ?? 0);
      next.push(Math.min(left + 1, (row[at] ?? 0) + 1, diagonal + (item === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? a.length;
}

function plainSubsequence<T>(a: readonly T[], b: readonly T[]): number {
  let row = b.map(() => 0);
  for (const item of a) {
    const next: number[] = [];
    for (const [at, other] of b.entries())
      next.push(
        item === other ? (at === 0 ? 0 : (row[at - 1] ?? 0)) + 1 : Math.max(next[at - 1] ?? 0, row[at] ?? 0),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Long and of few letters, so that blocks of 32 meet at their edges. */
const sequences = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 150, size: 'max' });

describe('edit distance', () => {
  it('is that of the plain table', () => {
    fc.assert(
      fc.property(sequences, sequences, (a, b) => {
        expect(editDistance(a, b)).toBe(plainDistance(a, b));
      }),
      { numRuns: 400 },
    );
  });

  it.each([31, 32, 33, 64, 65, 96])('holds at the edge of a block: %i items', (length) => {
    const a = Array.from({ length }, (_, at) => at);
    expect(editDistance(a, [])).toBe(length);
    expect(editDistance(a, a.toReversed())).toBe(plainDistance(a, a.toReversed()));
    expect(editDistance(a, [...a.slice(1), -1])).toBe(2);
  });

  it('takes 20,000 items against as many', () => {
    const text = (step: number) => Array.from({ length: 20_000 }, (_, at) => (at * step) % 977);
    expect(editDistance(text(7), text(11))).toBeGreaterThan(10_000);
  });
});

describe('longest common subsequence', () => {
  it('is that of the plain table', () => {
    fc.assert(
      fc.property(sequences, sequences, (a, b) => {
        expect(subsequenceWith(b)(a)).toBe(plainSubsequence(a, b));
      }),
      { numRuns: 400 },
    );
  });
});

describe('shared n-grams', () => {
  it('are those counted one by one, however often the same reference is used', () => {
    const grams = (items: readonly number[], order: number): Map<string, number> => {
      const counts = new Map<string, number>();
      for (let at = 0; at < ngramCount(items.length, order); at += 1) {
        const gram = items.slice(at, at + order).join(' ');
        counts.set(gram, (counts.get(gram) ?? 0) + 1);
      }
      return counts;
    };
    fc.assert(
      fc.property(fc.array(sequences, { minLength: 1, maxLength: 3 }), fc.array(sequences), (refs, hyps) => {
        const index = ngramIndex(refs, 4);
        for (const hyp of hyps) {
          const wanted = [1, 2, 3, 4].map((order) => {
            const tables = refs.map((ref) => grams(ref, order));
            let sum = 0;
            for (const [gram, count] of grams(hyp, order))
              sum += Math.min(count, Math.max(...tables.map((table) => table.get(gram) ?? 0)));
            return sum;
          });
          expect(index.matches(hyp)).toEqual(wanted);
        }
      }),
    );
  });
});
