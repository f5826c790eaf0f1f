/** Exact arithmetic for numbers in answers: 0.1 + 0.2 is 0.3 here, and 1/3 is not 0.333. */

/** A fraction in lowest terms; the denominator is above 0. */
export interface Exact {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function exact(numerator: bigint, denominator = 1n): Exact {
  if (denominator === 1n) return { numerator, denominator };
  const divisor = greatestCommon(numerator < 0n ? -numerator : numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** `whole` and `decimals` are ASCII digits, `decimals` may be empty; times 10 to the `exponent`. */
export function fromDigits(whole: string, decimals = '', exponent = 0): Exact {
  const digits = BigInt(whole + decimals);
  const power = exponent - decimals.length;
  return power < 0 ? exact(digits, 10n ** BigInt(-power)) : exact(digits * 10n ** BigInt(power));
}

export function add(a: Exact, b: Exact): Exact {
  return exact(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function times(a: Exact, b: Exact): Exact {
  return exact(a.numerator * b.numerator, a.denominator * b.denominator);
}

export function negated(a: Exact): Exact {
  return { numerator: -a.numerator, denominator: a.denominator };
}

export function magnitude(a: Exact): Exact {
  return a.numerator < 0n ? negated(a) : a;
}

export function same(a: Exact, b: Exact): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function atMost(a: Exact, b: Exact): boolean {
  return a.numerator * b.denominator <= b.numerator * a.denominator;
}

/** `1234.5`; `1/3` where no finite decimal exists. */
export function exactText({ numerator, denominator }: Exact): string {
  let rest = denominator;
  let twos = 0;
  let fives = 0;
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  if (rest !== 1n) return `${numerator}/${denominator}`;
  const scale = Math.max(twos, fives);
  const sign = numerator < 0n ? '-' : '';
  const scaled = ((numerator < 0n ? -numerator : numerator) * 10n ** BigInt(scale)) / denominator;
  const digits = scaled.toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function greatestCommon(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
