/**
 * PCG32 (XSH-RR, O'Neill 2014), the only source of chance in this room. 64-bit arithmetic in two 32-bit halves: BigInt
 * would be some twenty times slower, and a sign-flip test draws millions of bits.
 */

const multiplierHigh = 0x5851f42d;
const multiplierLow = 0x4c957f2d;
const pieceLow = multiplierLow & 0xffff;
const pieceHigh = multiplierLow >>> 16;

/** A stream of integers 0 <= x < 2^32. `seed` and `seq` are non-negative safe integers; each `seq` is a stream of its own. */
export function pcg32(seed: number, seq: number): () => number {
  const [seedHigh, seedLow] = halves(seed);
  const [seqHigh, seqLow] = halves(seq);
  const incrementHigh = ((seqHigh << 1) | (seqLow >>> 31)) >>> 0;
  const incrementLow = ((seqLow << 1) | 1) >>> 0;
  let high = 0;
  let low = 0;

  const add = (addHigh: number, addLow: number): void => {
    const sum = low + addLow;
    high = (high + addHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    low = sum >>> 0;
  };
  const step = (): void => {
    // The 64-bit product of the lower halves, from 16-bit pieces that stay exact in a double.
    const aLow = low & 0xffff;
    const aHigh = low >>> 16;
    const bottom = aLow * pieceLow;
    const middle = aLow * pieceHigh + aHigh * pieceLow + (bottom >>> 16);
    const carry = aHigh * pieceHigh + Math.floor(middle / 0x10000);
    high = (carry + Math.imul(low, multiplierHigh) + Math.imul(high, multiplierLow)) >>> 0;
    low = ((middle << 16) | (bottom & 0xffff)) >>> 0;
    add(incrementHigh, incrementLow);
  };

  step();
  add(seedHigh, seedLow);
  step();
  return () => {
    const mixedHigh = (high >>> 18) ^ high;
    const mixedLow = ((low >>> 18) | (high << 14)) ^ low;
    const shifted = ((mixedLow >>> 27) | (mixedHigh << 5)) >>> 0;
    const turn = high >>> 27;
    step();
    return ((shifted >>> turn) | (shifted << (-turn & 31))) >>> 0;
  };
}

function halves(value: number): [number, number] {
  return [Math.floor(value / 0x100000000) >>> 0, value >>> 0];
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of a name: the stream of an analysis, which no other analysis moves. */
export function fnv1a32(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
