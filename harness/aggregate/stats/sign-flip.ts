/**
 * Sign-flip (paired randomisation) test on |Σ ±c|: if two models are alike, each cluster's difference could as well
 * have had the other sign. The distribution depends on the sizes |c| only, so they are taken without sign and in
 * order: swapping the models or the items cannot move p.
 */
import { pcg32 } from './pcg32.ts';

export interface SignFlip {
  readonly p: number;
  /** `sign-flip-exact` up to 20 clusters, else `sign-flip-10000`. */
  readonly test: string;
  /** Flips at least as extreme as what was seen, of all that were looked at. */
  readonly count: number;
  readonly total: number;
}

const exactUpTo = 20;
const draws = 10_000;
/** Sums that differ by less are ties and count. */
const tie = 1e-12;

/** `contributions`: one per cluster. `seed` and `seq` (see `pcg32`) matter above 20 clusters only. */
export function signFlip(contributions: readonly number[], seed: number, seq: number): SignFlip {
  const seen = Math.abs(contributions.reduce((sum, each) => sum + each, 0)) - tie;
  const sizes = contributions.map(Math.abs).toSorted((a, b) => a - b);
  if (sizes.length <= exactUpTo) {
    const count = countExact(sizes, seen);
    const total = 2 ** sizes.length;
    return { p: count / total, test: 'sign-flip-exact', count, total };
  }
  const count = countDrawn(sizes, seen, pcg32(seed, seq));
  // The data as seen are one of the possible flips: p is never 0 (Phipson and Smyth 2010).
  return { p: (1 + count) / (1 + draws), test: `sign-flip-${draws}`, count, total: draws };
}

/** Σ ±c for every choice of signs. */
function signedSums(sizes: readonly number[]): number[] {
  let sums = [0];
  for (const size of sizes) sums = [...sums.map((sum) => sum - size), ...sums.map((sum) => sum + size)];
  return sums;
}

function countExact(sizes: readonly number[], seen: number): number {
  const half = sizes.length >> 1;
  const left = signedSums(sizes.slice(0, half));
  const right = signedSums(sizes.slice(half));
  let count = 0;
  for (const a of left) for (const b of right) if (Math.abs(a + b) >= seen) count += 1;
  return count;
}

/**
 * Eight clusters at a time: one random byte picks one of 256 prepared sums. All draws advance group by group, so that
 * the sums of a group stay in the processor's nearest memory.
 */
function countDrawn(sizes: readonly number[], seen: number, next: () => number): number {
  // A cluster without a difference adds nothing whatever its sign.
  const moving = sizes.filter((size) => size > 0);
  const totals = new Float64Array(draws);
  for (let from = 0; from < moving.length; from += 8) {
    const sums = signedSums(moving.slice(from, from + 8));
    // A last group of fewer than eight has fewer sums: each then answers to several bytes, equally many.
    const table = Float64Array.from({ length: 256 }, (_, byte) => sums[byte % sums.length] ?? 0);
    for (let draw = 0; draw < draws; draw += 4) {
      const word = next();
      for (let byte = 0; byte < 4; byte += 1) {
        totals[draw + byte] = (totals[draw + byte] ?? 0) + (table[(word >>> (8 * byte)) & 255] ?? 0);
      }
    }
  }
  return totals.reduce((count, total) => (Math.abs(total) >= seen ? count + 1 : count), 0);
}
