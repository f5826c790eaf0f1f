/** Numerals of Chinese, Japanese and Korean: 十八, 一万二千, 1万8千, 3만 5천. */
import type { LanguageTag } from '../../types.ts';
import { asciiDigits } from '../digits.ts';
import { baseLanguage } from '../scripts.ts';
import { add, exact, fromDigits, times, type Exact } from './number-exact.ts';
import { maxDigits } from './number-separators.ts';

const digits = valuesOf('零0 〇0 一1 二2 两2 兩2 三3 四4 五5 六6 七7 八8 九9', String);
/** Powers of ten that stand within a group, and the groups themselves; each by its number of zeros. */
const units = valuesOf('十1 百2 千3 십1 백2 천3', powerOfTen);
const groups = valuesOf('万4 萬4 만4 亿8 億8 억8 兆12 조12', powerOfTen);

function valuesOf<T>(list: string, read: (value: string) => T): ReadonlyMap<string, T> {
  return new Map(list.split(' ').map((entry) => [entry.charAt(0), read(entry.slice(1))]));
}

function powerOfTen(zeros: string): bigint {
  return 10n ** BigInt(zeros);
}

const writers = new Set('zh yue cmn wuu hak gan hsn nan lzh ja ko'.split(' '));

/** Whether numerals of this kind are read in a language at all. */
export function hasCjkNumerals(language: LanguageTag): boolean {
  return writers.has(baseLanguage(language));
}

/** Whether a character multiplies the number before it (万, 천). */
export function isCjkUnit(character: string): boolean {
  return units.has(character) || groups.has(character);
}

export interface CjkNumeral {
  readonly value: Exact;
  readonly start: number;
  readonly end: number;
}

const arabicRun = /\p{Nd}{1,20}(?:[.,，．]\p{Nd}{1,20}){0,6}/uy;
/** Bounded: a longer run is no numeral, and may be cut anywhere. */
const hanRun = /[零〇一二两兩三四五六七八九]{1,300}/uy;
const hanDecimals = /[点點]([零〇一二两兩三四五六七八九]{1,100})/uy;

/**
 * Goes on from a number in digits whose next character is a unit: the 8千 of 1万8千. A single space is taken in after a
 * group, as Korean writes it (3만 5천).
 */
export function continueCjk(text: string, first: Exact, start: number, end: number): CjkNumeral {
  return numeral(text, start, end, first);
}

/** 一 that counts nothing: 一共, 一起, 一定, 一般, 一样; and 第一, an ordinal. */
const hanStart = /(?<!第)(?!一[共起定般样樣直些旦切致同番緒])[零〇一二两兩三四五六七八九十]/gu;

/** Numerals without a digit of a decimal script. A unit begins none but 十: 千 and 万 begin words. */
export function* hanNumerals(text: string): Generator<CjkNumeral> {
  const starts = new RegExp(hanStart);
  for (let found = starts.exec(text); found !== null; found = starts.exec(text)) {
    const read = numeral(text, found.index, found.index, null);
    starts.lastIndex = Math.max(read.end, found.index + 1);
    if (read.end > found.index) yield read;
  }
}

function numeral(text: string, start: number, from: number, first: Exact | null): CjkNumeral {
  let total = exact(0n);
  let section = exact(0n);
  let current = first;
  let at = from;
  // Longer than any numeral: what follows is not one.
  const limit = from + maxDigits;
  while (at < limit) {
    const character = text.charAt(at);
    const unit = units.get(character);
    const group = groups.get(character);
    if (unit !== undefined) {
      section = add(section, times(current ?? exact(1n), exact(unit)));
      current = null;
      at++;
    } else if (group !== undefined) {
      const sum = add(section, current ?? exact(0n));
      total = add(total, times(sum.numerator === 0n ? exact(1n) : sum, exact(group)));
      section = exact(0n);
      current = null;
      at++;
    } else if (current === null) {
      const spaced = character === ' ' && groups.has(text.charAt(at - 1));
      const next = digitsAt(text, spaced ? at + 1 : at);
      // 3만 5천 and 3만 5000 are one number, 3만 5개 is not.
      if (next === null || (spaced && next.end - at < 4 && !isCjkUnit(text.charAt(next.end)))) break;
      current = next.value;
      at = next.end;
    } else break;
  }
  return { value: add(add(total, section), current ?? exact(0n)), start, end: at };
}

function digitsAt(text: string, at: number): { readonly value: Exact; readonly end: number } | null {
  hanRun.lastIndex = at;
  const han = hanRun.exec(text)?.[0];
  if (han !== undefined) {
    hanDecimals.lastIndex = at + han.length;
    const decimals = hanDecimals.exec(text)?.[1] ?? '';
    const end = at + han.length + (decimals === '' ? 0 : decimals.length + 1);
    return { value: fromDigits(plain(han), plain(decimals)), end };
  }
  arabicRun.lastIndex = at;
  const run = arabicRun.exec(text)?.[0];
  if (run === undefined) return null;
  const [whole = '', decimals = ''] = asciiDigits(run).replaceAll(/[,，]/gu, '').split(/[.．]/u);
  return { value: fromDigits(whole, decimals), end: at + run.length };
}

function plain(han: string): string {
  return Array.from(han, (character) => digits.get(character) ?? '').join('');
}
