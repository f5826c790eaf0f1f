/**
 * What a point, a comma, a space or an apostrophe between digits means. The tables are pinned (CLDR 48) and not asked of
 * `Intl` at run time: CLDR changes its mind, and with it every score would.
 */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage } from '../scripts.ts';
import { exact, fromDigits, type Exact } from './number-exact.ts';

/** Stands in the signature; moves when a table below moves. */
export const separatorsVersion = 'sep:v1';

/** Numbers of more digits are not read: no answer needs them, and arithmetic on them is not free. */
export const maxDigits = 400;

const decimalComma = new Set(
  (
    'de es it pt nl tr vi id da is ro el hr sr sl az uz ca lo eu gl mk bs lb fo rw jv su ' +
    'fr ru uk be bg pl cs sk sv nb nn no fi hu lt lv et ka kk ky tg tk tt hy sq af eo ' +
    'en-ZA ar-MA ar-DZ ar-TN'
  ).split(' '),
);
const decimalPoint = new Set(
  (
    'en zh yue ja ko th km my bo dz he yi ar fa ps ur sd ckb ug hi mr ne bn as ta te gu kn ml pa or si ' +
    'sw am ti yo ha zu xh so om st sn mg ig ms tl fil ceb mn cy ga gd mt ' +
    'de-CH de-LI it-CH es-MX es-419 es-US es-PE es-GT es-HN es-NI es-PA es-PR es-SV es-DO'
  ).split(' '),
);
/** Written 12,34,567 as well as 1,234,567. */
const indianGroups = new Set('hi mr bn ta te gu kn ml ne pa as or en-IN ur-IN'.split(' '));

export type DecimalMark = ',' | '.';

/** The decimal mark of a language among the two; null where the table does not know the language. */
export function decimalMark(language: LanguageTag): DecimalMark | null {
  for (const tag of lookups(language)) {
    if (decimalComma.has(tag)) return ',';
    if (decimalPoint.has(tag)) return '.';
  }
  return null;
}

/** `pt-Latn-BR` is looked up as `pt-BR`, then as `pt`. */
function lookups(language: LanguageTag): readonly string[] {
  const base = baseLanguage(language);
  const region = language
    .split(/[-_]/u)
    .slice(1)
    .find((part) => /^(?:[a-z]{2}|\d{3})$/iu.test(part));
  return region === undefined ? [base] : [`${base}-${region.toUpperCase()}`, base];
}

/** A separator by its meaning: the marks ٬ and ٫ have one each, a point and a comma may have either. */
export type Mark = '.' | ',' | 'group' | 'arabic-group' | 'arabic-decimal';

const marks = new Map<string, Mark>([
  ['.', '.'],
  ['．', '.'],
  [',', ','],
  ['，', ','],
  ['،', ','],
  ['٬', 'arabic-group'],
  ['٫', 'arabic-decimal'],
  ["'", 'group'],
  ['’', 'group'],
  ['\u00A0', 'group'],
  ['\u202F', 'group'],
  ['\u2009', 'group'],
]);

/**
 * What a character between two digits may mean; null when it ends the number. Plain spaces group only where the comma is
 * decimal (fr, ru, es): elsewhere "3 100" is more often two numbers.
 */
export function markOf(character: string, language: LanguageTag): Mark | null {
  if (character === ' ') return decimalMark(language) === ',' ? 'group' : null;
  return marks.get(character) ?? null;
}

export interface Interpretation {
  readonly value: Exact;
  /** The value under the other convention, where both were possible. */
  readonly other: Exact | null;
  /** Both are possible and the language does not say which. */
  readonly undecided: boolean;
}

/**
 * Reads runs of ASCII digits with the marks between them (one mark fewer than runs). null when they follow no
 * convention: 1.2.3 is a version, 5,6,7 a list.
 */
export function interpret(
  runs: readonly string[],
  between: readonly Mark[],
  language: LanguageTag,
): Interpretation | null {
  if (runs.length > maxDigits || runs.join('').length > maxDigits) return null;
  const last = between.at(-1);
  if (last === undefined) return sure(exact(BigInt(runs.join(''))));
  const before = between.slice(0, -1);
  if (before.every((mark) => mark === last)) return interpretOneKind(runs, last, language);
  const first = between[0];
  const closes = last === '.' || last === ',' || last === 'arabic-decimal';
  if (!closes || first === undefined || before.some((mark) => mark !== first)) return null;
  return grouped(runs.slice(0, -1), first, language) ? sure(asDecimal(runs)) : null;
}

function interpretOneKind(runs: readonly string[], mark: Mark, language: LanguageTag): Interpretation | null {
  const once = runs.length === 2;
  if (mark === 'arabic-decimal') return once ? sure(asDecimal(runs)) : null;
  const groups = grouped(runs, mark, language);
  const decides = once && (mark === '.' || mark === ',');
  if (!groups) return decides ? sure(asDecimal(runs)) : null;
  const whole = exact(BigInt(runs.join('')));
  if (!decides) return sure(whole);
  const decimal = asDecimal(runs);
  const own = decimalMark(language);
  const [value, other] = own === mark ? [decimal, whole] : [whole, decimal];
  return { value, other, undecided: own === null };
}

function asDecimal(runs: readonly string[]): Exact {
  return fromDigits(runs.slice(0, -1).join(''), runs.at(-1));
}

function sure(value: Exact): Interpretation {
  return { value, other: null, undecided: false };
}

function grouped(runs: readonly string[], mark: Mark, language: LanguageTag): boolean {
  const [first = '', ...rest] = runs;
  if (first.startsWith('0') || mark === 'arabic-decimal') return false;
  if (first.length <= 3 && rest.every((run) => run.length === 3)) return true;
  if (!lookups(language).some((tag) => indianGroups.has(tag))) return false;
  return first.length <= 2 && rest.every((run, index) => run.length === (index === rest.length - 1 ? 3 : 2));
}
