/**
 * The one way text is made comparable. A normalisation is a set of named steps that always run in the order of the
 * table below; its name stands in the signature of every score that used it.
 */
import type { LanguageTag } from '../types.ts';
import { asciiDigits } from './digits.ts';
import { fold } from './fold.ts';
import { withoutReasoning } from './reasoning.ts';
import { baseLanguage } from './scripts.ts';

export type Preset = 'none' | 'nfc' | 'strict' | 'caseless' | 'lenient';
export type Normalization = Preset | readonly string[];

type Step = (text: string, language: LanguageTag) => string;

/** White_Space, and the two invisible characters that `String.trim` or White_Space leave out. */
const blank = /^[\p{White_Space}\uFEFF\u200B]$/u;
const ignorable = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;
const singleQuotes = /[‘’‚‹›ʼʻ\u0060´′]/gu;
const doubleQuotes = /[“”„«»「」『』″]/gu;
const hyphens = /[\u2010-\u2015\u2212\uFE63\uFF0D]/gu;
const punctuation = /[\p{P}\u0060]/gu;
const cased = /\p{Changes_When_Casemapped}/u;
const turkic = new Set(['tr', 'az']);

/** The steps in the order in which they run. */
const steps = {
  'strip-think': (text) => withoutReasoning(text).text,
  trim,
  nfc: (text) => text.normalize('NFC'),
  'strip-ignorable': (text) => text.replaceAll(ignorable, ''),
  // Before nfkc, which turns ´ into a space and an accent.
  quotes: (text) => text.replaceAll(singleQuotes, "'").replaceAll(doubleQuotes, '"').replaceAll(hyphens, '-'),
  digits: asciiDigits,
  nfkc: (text) => text.normalize('NFKC'),
  case: foldCase,
  fold,
  punct: (text) =>
    text.replaceAll(punctuation, (mark, at: number) => (holdsTogether(text, mark, at) ? mark : ' ')),
  space: (text) => trim(text.replaceAll(/\p{White_Space}+/gu, ' ')),
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof steps;

/** Names of all steps, in order. */
export const stepNames = Object.keys(steps).filter(isStep);

const presets: Readonly<Record<Preset, readonly StepName[]>> = {
  none: [],
  nfc: ['strip-think', 'nfc'],
  strict: ['strip-think', 'trim', 'nfc', 'strip-ignorable'],
  caseless: ['strip-think', 'trim', 'nfc', 'strip-ignorable', 'case', 'space'],
  lenient: stepNames,
};

/**
 * The text after the steps of a preset, or after the named steps in table order whatever the order of the list.
 *
 * @throws Error for a step that does not exist.
 */
export function normalize(text: string, how: Normalization, language: LanguageTag): string {
  const names = stepsOf(how);
  return names.reduce((rest, name) => {
    const next = steps[name](rest, language);
    // A mark of direction may have stood before white space at the start: with it gone the text begins there.
    return name === 'strip-ignorable' && names.includes('trim') ? trim(next) : next;
  }, text);
}

/** Whether a normalisation has a step. */
export function hasStep(how: Normalization, step: StepName): boolean {
  return stepsOf(how).includes(step);
}

/** For the signature: `norm:strict`, or the steps in the order in which they ran: `norm:trim+nfc`. */
export function normSignature(how: Normalization): string {
  return `norm:${typeof how === 'string' ? how : stepsOf(how).join('+')}`;
}

/** Drops white space at both ends, U+FEFF and U+200B included. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text.charAt(start))) start++;
  while (end > start && blank.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function stepsOf(how: Normalization): readonly StepName[] {
  if (typeof how === 'string') return presets[how];
  const unknown = how.find((name) => !isStep(name));
  if (unknown !== undefined) throw new Error(`there is no normalisation step "${unknown}"`);
  return stepNames.filter((name) => how.includes(name));
}

/** Whether a name is that of a preset. */
export function isPreset(name: unknown): name is Preset {
  return typeof name === 'string' && Object.hasOwn(presets, name);
}

function isStep(name: string): name is StepName {
  return Object.hasOwn(steps, name);
}

/** Signs that tell words apart, the apostrophe inside a word, marks inside a number. */
function holdsTogether(text: string, mark: string, at: number): boolean {
  if ('#%&@'.includes(mark)) return true;
  if (mark === "'")
    return (
      endsInLetter.test(text.slice(Math.max(0, at - 2), at)) &&
      startsWithLetter.test(text.slice(at + 1, at + 3))
    );
  return (
    '.,:/-'.includes(mark) &&
    endsInDigit.test(text.slice(Math.max(0, at - 2), at)) &&
    startsWithDigit.test(text.slice(at + 1, at + 3))
  );
}

const endsInLetter = /[\p{L}\p{M}]$/u;
const startsWithLetter = /^\p{L}/u;
const endsInDigit = /\p{Nd}$/u;
const startsWithDigit = /^\p{Nd}/u;

/**
 * JavaScript has no case folding. Lower, upper, lower reaches it for all but the final sigma: Straße meets STRASSE, ﬁ
 * meets FI. In Turkish and Azerbaijani upper case would join i and ı, so there it is lower case by their own rule.
 */
function foldCase(text: string, language: LanguageTag): string {
  const base = baseLanguage(language);
  const composed = text.normalize('NFC');
  if (!cased.test(composed)) return composed;
  if (turkic.has(base)) return composed.toLocaleLowerCase(base);
  return composed.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
}
