/** Decimal digits of every script. Unicode lays them out in runs of ten, from the script's zero upwards. */

const decimalDigit = /^\p{Nd}$/u;
/** A decimal digit, but for 0-9: those are most of them, and stay. */
const foreignDigit = /[^\P{Nd}0-9]/gu;
const values = new Map<string, number>();

/** 0..9 for one decimal digit of any script; null for anything else (², 十, Ⅳ and ½ are no decimal digits). */
export function digitValue(character: string): number | null {
  const known = values.get(character);
  if (known !== undefined) return known;
  if (!decimalDigit.test(character)) return null;
  // Some sets of digits follow each other without a gap (the mathematical ones), hence the remainder.
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (zero > 0 && decimalDigit.test(String.fromCodePoint(zero - 1))) zero--;
  const value = (code - zero) % 10;
  values.set(character, value);
  return value;
}

/** Every decimal digit as one of 0-9. */
export function asciiDigits(text: string): string {
  return text.replaceAll(foreignDigit, (digit) => String(digitValue(digit) ?? digit));
}
