/** How suites write numbers in every language: `1234.5`, `-3`, `2,125`, `1e6`. */
import { fromDigits, negated, type Exact } from './number-exact.ts';

const notation = /^([+-]?)(\d{1,300}|\d{1,3}(?:,\d{3}){1,99})(?:\.(\d{1,300}))?(?:[eE]([+-]?\d{1,3}))?$/u;

/** The value of a number as a suite gives it; null for what is not machine notation. */
export function machineNumber(given: number | string): Exact | null {
  const found = notation.exec(String(given).trim());
  if (found === null) return null;
  const [, sign, whole = '', decimals = '', exponent = '0'] = found;
  const value = fromDigits(whole.replaceAll(',', ''), decimals, Number(exponent));
  return sign === '-' ? negated(value) : value;
}
