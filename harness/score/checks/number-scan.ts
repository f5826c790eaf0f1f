/** Finds the numbers in a text, in digits of every script, each with its sign, separators, fraction, exponent and unit. */
import type { LanguageTag } from '../../types.ts';
import { asciiDigits } from '../digits.ts';
import { continueCjk, hanNumerals, hasCjkNumerals, isCjkUnit } from './number-cjk.ts';
import { ethiopicSign, ethiopicValue } from './number-ethiopic.ts';
import { add, exact, fromDigits, negated, times, type Exact } from './number-exact.ts';
import { interpret, markOf, maxDigits, type Interpretation, type Mark } from './number-separators.ts';

export interface FoundNumber extends Interpretation {
  /** Where it stands, its sign included. */
  readonly start: number;
  readonly end: number;
  /** Part of a word (A4, m3): only a number when nothing else is. */
  readonly glued: boolean;
}

const vulgar = String.raw`\u00BC-\u00BE\u2150-\u215E\u2189`;
const begin = new RegExp(String.raw`\p{Nd}+|[${vulgar}]|[${ethiopicSign}]{1,20}`, 'gu');
const ethiopic = new RegExp(`^[${ethiopicSign}]`, 'u');
const digitRun = /\p{Nd}+/uy;
const slashed = /[/⁄∕](\p{Nd}{1,18})(?!\p{Nd}|[.,]\p{Nd}|[/⁄∕]\p{Nd})/uy;
const mixedFraction = /[ \u00A0\u202F](\p{Nd}{1,18})[/⁄∕](\p{Nd}{1,18})(?!\p{Nd}|[.,]\p{Nd}|[/⁄∕]\p{Nd})/uy;
const vulgarAfter = new RegExp(String.raw`\p{Zs}?([${vulgar}])`, 'uy');
const slash = /[/⁄∕]/u;
/** What a fraction after a whole number begins with. */
const continues = new RegExp(String.raw`[/⁄∕\p{Zs}${vulgar}]`, 'u');
const exponent = /[eE]([-+−]?)(\p{Nd}{1,3})(?![\p{L}\p{N}])/uy;

/** Scripts written without spaces between words, and Hangul with its particles: a letter of these ends no word. */
const unspacedLetter = String.raw`\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}`;
const sign = /[-−﹣－]\p{Sc}?$/u;
/** Neither a sign nor part of a word. */
const nothingBefore = new Set([' ', ',', '\n', ':', '：', '(', '=', '+', '*', '"']);
/** What makes a hyphen one between two things: a number, a bracket or a word before it. */
const noSign = new RegExp(String.raw`[\p{N})\]%]$|(?![${unspacedLetter}])[\p{L}\p{M}]$`, 'u');
const gluedTo = new RegExp(String.raw`(?:(?![${unspacedLetter}])[\p{L}\p{M}]|[_^]\{?)$`, 'u');
/** Currencies written with letters right before the number. */
const currencyCode = /(?<![\p{L}\p{M}])(?:\p{Lu}{3}|Rp|Rs|RM|Ks[hH]|KSh|TSh|Tsh|Sh|kr|Br|TL)$/u;
const unitAfter = /\p{Zs}?([%％٪‰]|\p{Sc}|[個个個개円元원岁歳살人名명枚本匹頭冊권台只隻张張つ年分天日])/uy;

/** Every number of a text in order, but numerals of Han characters alone; those are in `hanNumbers`. */
export function* numbersIn(text: string, language: LanguageTag): Generator<FoundNumber> {
  const cjk = hasCjkNumerals(language);
  const search = new RegExp(begin);
  for (let found = search.exec(text); found !== null; found = search.exec(text)) {
    const token = found[0];
    const start = found.index;
    const special = specialValue(token);
    if (special !== null) {
      yield finished(text, start, start + token.length, { value: special, other: null, undecided: false });
      continue;
    }
    const { runs, marks, starts, end } = joined(text, start, token, language);
    search.lastIndex = end;
    const interpretation = interpret(runs, marks, language);
    if (interpretation === null) {
      for (const [index, run] of runs.entries()) {
        const at = starts[index] ?? start;
        if (run.length > maxDigits) continue;
        const value = exact(BigInt(run));
        yield finished(text, at, Math.min(end, at + width(text, at)), {
          value,
          other: null,
          undecided: false,
        });
      }
      continue;
    }
    const from = runs.length > starts.length ? start - 1 : start;
    const whole = interpretation.value.denominator === 1n && marks.length === 0;
    const read = extended(text, start, end, interpretation, whole, cjk);
    search.lastIndex = read.end;
    yield finished(text, from, read.end, read.interpretation);
  }
}

/** 十八 and the like. One of them is told from a word by luck only: for texts that hold no other number. */
export function* hanNumbers(text: string, language: LanguageTag): Generator<FoundNumber> {
  if (!hasCjkNumerals(language)) return;
  for (const { value, start, end } of hanNumerals(text))
    yield finished(text, start, end, { value, other: null, undecided: false });
}

function specialValue(token: string): Exact | null {
  if (token.charAt(0) <= '9') return null;
  const parts = /^(\d+)⁄(\d+)$/u.exec(token.normalize('NFKD'));
  if (parts !== null) return exact(BigInt(parts[1] ?? ''), BigInt(parts[2] ?? '1'));
  return ethiopic.test(token) ? exact(ethiopicValue(token)) : null;
}

/** Most digits are ASCII already. */
function inAscii(digits: string): string {
  return /^\d+$/.test(digits) ? digits : asciiDigits(digits);
}

interface Joined {
  /** ASCII digits; one more than `starts` when a decimal mark led the number (.5). */
  readonly runs: readonly string[];
  readonly marks: readonly Mark[];
  readonly starts: readonly number[];
  readonly end: number;
}

function joined(text: string, start: number, token: string, language: LanguageTag): Joined {
  const runs = [inAscii(token)];
  const starts = [start];
  const marks: Mark[] = [];
  let end = start + token.length;
  for (;;) {
    const mark = markOf(text.charAt(end), language);
    if (mark === null) break;
    digitRun.lastIndex = end + 1;
    const next = digitRun.exec(text)?.[0];
    if (next === undefined) break;
    const digits = inAscii(next);
    if (mark === 'group' && digits.length !== 3) break;
    runs.push(digits);
    marks.push(mark);
    starts.push(end + 1);
    end += 1 + next.length;
  }
  const leading =
    marks.length > 0 || !/[.．٫]/u.test(text.charAt(start - 1))
      ? undefined
      : /(?:^|[\p{Zs}\s\p{Sc}(=:：-])([.．٫])$/u.exec(text.slice(Math.max(0, start - 2), start))?.[1];
  if (leading !== undefined) {
    runs.unshift('0');
    marks.unshift(leading === '٫' ? 'arabic-decimal' : '.');
  }
  return { runs, marks, starts, end };
}

/** Length of the run of digits that starts at a place, in UTF-16 units. */
function width(text: string, at: number): number {
  digitRun.lastIndex = at;
  return digitRun.exec(text)?.[0].length ?? 0;
}

interface Extended {
  readonly interpretation: Interpretation;
  readonly end: number;
}

function sure(value: Exact, end: number): Extended {
  return { interpretation: { value, other: null, undecided: false }, end };
}

/** Takes in what continues a number: 万, ½, /4, 3/4 after a space, e3. */
function extended(
  text: string,
  start: number,
  end: number,
  interpretation: Interpretation,
  whole: boolean,
  cjk: boolean,
): Extended {
  const { value } = interpretation;
  if (cjk && isCjkUnit(text.charAt(end))) {
    const numeral = continueCjk(text, value, start, end);
    return sure(numeral.value, numeral.end);
  }
  const next = text.charAt(end);
  const power = next === 'e' || next === 'E' ? at(exponent, text, end) : null;
  if (power !== null) {
    const tens = Number(asciiDigits(power[2] ?? ''));
    const signed = power[1] === '' || power[1] === '+' ? tens : -tens;
    return sure(times(value, fromDigits('1', '', signed)), end + power[0].length);
  }
  if (!whole || !continues.test(next)) return { interpretation, end };
  const part = at(vulgarAfter, text, end);
  if (part !== null) {
    const fraction = specialValue(part[1] ?? '');
    if (fraction !== null) return sure(add(value, fraction), end + part[0].length);
  }
  const below = at(slashed, text, end);
  if (below !== null && !slash.test(text.charAt(start - 1))) {
    const denominator = BigInt(asciiDigits(below[1] ?? ''));
    if (denominator !== 0n) return sure(times(value, exact(1n, denominator)), end + below[0].length);
  }
  const mixed = at(mixedFraction, text, end);
  if (mixed !== null) {
    const numerator = BigInt(asciiDigits(mixed[1] ?? ''));
    const denominator = BigInt(asciiDigits(mixed[2] ?? ''));
    if (numerator < denominator)
      return sure(add(value, exact(numerator, denominator)), end + mixed[0].length);
  }
  return { interpretation, end };
}

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** The sign or currency, percent or counting word beside a number, or null. */
export function unitOf(text: string, { start, end }: FoundNumber): string | null {
  const inside = /^[-−﹣－]?(\p{Sc})/u.exec(text.slice(start, end))?.[1];
  // Turkish and Basque write %50; in 5 % 18 the sign belongs to the 5.
  const before = /(?:(\p{Sc})\p{Zs}?|(?<!\p{Nd}\p{Zs}?)([%％٪]))$/u.exec(
    text.slice(Math.max(0, start - 4), start),
  );
  return inside ?? before?.[1] ?? before?.[2] ?? at(unitAfter, text, end)?.[1] ?? null;
}

/** Looks at what stands before a number: a sign, or the rest of a word. */
function finished(text: string, start: number, end: number, read: Interpretation): FoundNumber {
  const { value, other, undecided } = read;
  // The common cases first: an answer may be a million numbers.
  if (start === 0 || nothingBefore.has(text.charAt(start - 1)))
    return { value, other, undecided, start, end, glued: false };
  const before = text.slice(Math.max(0, start - 12), start);
  const signed = sign.exec(before);
  const glued = signed === null && gluedTo.test(before) && !currencyCode.test(before);
  if (signed === null || noSign.test(before.slice(0, signed.index)))
    return { value, other, undecided, start, end, glued };
  return {
    value: negated(value),
    other: other === null ? null : negated(other),
    undecided,
    start: start - signed[0].length,
    end,
    glued,
  };
}
