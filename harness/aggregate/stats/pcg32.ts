/**
 * PCG32 (XSH-RR, O'Neill 2014), the only source of chance in this room. 64-bit arithmetic in two 32-bit halves, kept as
 * signed integers: BigInt would be some hundred times slower, and halves above 2^31 four times; a bootstrap draws millions.
 */

const multiplierHigh = 0x5851f42d;
const multiplierLow = 0x4c957f2d;
const pieceLow = multiplierLow & 0xffff;
const pieceHigh = multiplierLow >>> 16;

/** Seed and stream of an analysis that draws. */
export interface Chance {
  readonly seed: number;
  readonly seq: number;
}

/** A stream of integers 0 <= x < 2^32. `seed` and `seq` are non-negative safe integers; each `seq` is a stream of its own. */
export function pcg32(seed: number, seq: number): () => number {
  const [seedHigh, seedLow] = halves(seed);
  const [seqHigh, seqLow] = halves(seq);
  const incrementHigh = (seqHigh << 1) | (seqLow >>> 31);
  const incrementLow = (seqLow << 1) | 1;
  let high = 0;
  let low = 0;

  const add = (toHigh: number, toLow: number, addHigh: number, addLow: number): void => {
    const sum = (toLow + addLow) | 0;
    const carry = ((toLow & addLow) | ((toLow | addLow) & ~sum)) >>> 31;
    high = (toHigh + addHigh + carry) | 0;
    low = sum;
  };
  const step = (): void => {
    // The 64-bit product of the lower halves, from 16-bit pieces.
    const aLow = low & 0xffff;
    const aHigh = low >>> 16;
    const bottom = Math.imul(aLow, pieceLow);
    const left = Math.imul(aLow, pieceHigh);
    const right = Math.imul(aHigh, pieceLow);
    const middle = (bottom >>> 16) + (left & 0xffff) + (right & 0xffff);
    const carried = (left >>> 16) + (right >>> 16) + (middle >>> 16);
    const crossed = Math.imul(low, multiplierHigh) + Math.imul(high, multiplierLow);
    add(
      (Math.imul(aHigh, pieceHigh) + carried + crossed) | 0,
      (middle << 16) | (bottom & 0xffff),
      incrementHigh,
      incrementLow,
    );
  };

  step();
  add(high, low, seedHigh, seedLow);
  step();
  return () => {
    const mixedHigh = (high >>> 18) ^ high;
    const mixedLow = ((low >>> 18) | (high << 14)) ^ low;
    const shifted = (mixedLow >>> 27) | (mixedHigh << 5);
    const turn = high >>> 27;
    step();
    return ((shifted >>> turn) | (shifted << (-turn & 31))) >>> 0;
  };
}

function halves(value: number): [number, number] {
  return [Math.floor(value / 0x100000000) | 0, value | 0];
}

/**
 * Integers 0 <= x < n, each as likely as another: words under 2^32 mod n are drawn again, else the small numbers would
 * come up more often; x is the word mod n. 1 <= n <= 2^32.
 */
export function below(next: () => number, n: number): () => number {
  const least = 0x100000000 % n;
  return () => {
    let word = next();
    while (word < least) word = next();
    // The remainder of doubles is slow, and this is exact.
    return word - Math.floor(word / n) * n;
  };
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of a name: the stream of an analysis, which no other analysis moves. */
export function fnv1a32(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
