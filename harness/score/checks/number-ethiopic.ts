/**
 * Ethiopic numerals (፲፰ is 18, ፪፻ is 200). They have no zero and no places: signs for 1-9 and 10-90 add up, ፻ multiplies
 * what stands before it by a hundred, ፼ all so far by ten thousand. Unicode does not count them among the decimal digits.
 */
const first = 0x1369;
const hundred = 0x137b;
const tenThousand = 0x137c;

/** The signs, for a character class. */
export const ethiopicSign = String.raw`\u1369-\u137C`;

export function ethiopicValue(signs: string): bigint {
  let total = 0n;
  let section = 0n;
  let pair = 0n;
  for (const sign of signs) {
    const code = sign.charCodeAt(0);
    if (code === hundred) {
      section += (pair === 0n ? 1n : pair) * 100n;
      pair = 0n;
    } else if (code === tenThousand) {
      const sum = total + section + pair;
      total = (sum === 0n ? 1n : sum) * 10_000n;
      section = 0n;
      pair = 0n;
    } else {
      const step = code - first;
      pair += BigInt(step < 9 ? step + 1 : (step - 8) * 10);
    }
  }
  return total + section + pair;
}
