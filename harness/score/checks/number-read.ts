/** Reads the one number an answer gives, or says that it gives none or several. */
import type { LanguageTag } from '../../types.ts';
import { announcedSpans, boxedSpan, plainAnswer } from './answer-span.ts';
import { hasCjkNumerals } from './number-cjk.ts';
import { same } from './number-exact.ts';
import type { Interpretation } from './number-separators.ts';
import { hanNumbers, numbersIn, unitOf, type FoundNumber } from './number-scan.ts';

/** `auto`: box, announced span, else the last number. `whole`: the answer is one span. */
export type Take = 'auto' | 'labelled' | 'whole' | 'last';

export type NumberReading =
  | {
      readonly kind: 'read';
      readonly how: string;
      readonly number: Interpretation;
      /** As the answer wrote it. */
      readonly raw: string;
      readonly unit: string | null;
    }
  | { readonly kind: 'ambiguous'; readonly how: string; readonly raw: string }
  | { readonly kind: 'none'; readonly how: string };

/** @param labels announcements beside those of the language and of English */
export function readNumber(
  answer: string,
  language: LanguageTag,
  take: Take,
  labels: readonly string[],
): NumberReading {
  const text = plainAnswer(answer, language);
  if (take === 'whole') return readSpan(text, language, 'whole');
  if (take === 'last') return readLast(text, language);
  const boxed = boxedSpan(text);
  if (boxed !== null) {
    const found = readSpan(boxed, language, 'boxed');
    if (found.kind !== 'none') return found;
  }
  const spans = announcedSpans(text, language, labels, (span) => startsWithNumber(span, language));
  for (const span of spans) {
    const found = readSpan(span, language, 'labelled');
    if (found.kind !== 'none') return found;
  }
  // A number from elsewhere would be the model's by luck only.
  if (take === 'labelled' || spans.length > 0) return { kind: 'none', how: 'labelled' };
  return readLast(text, language);
}

const leadIn = String.raw`^[\p{Zs}\t(（\[{"'“”«»„‹›:：=+\-−﹣－\p{Sc}]{0,12}`;
const numberStart = new RegExp(`${leadIn}\\p{N}`, 'u');
const hanNumberStart = new RegExp(String.raw`${leadIn}[\p{N}〇零一二两兩三四五六七八九十]`, 'u');

function startsWithNumber(span: string, language: LanguageTag): boolean {
  return (hasCjkNumerals(language) ? hanNumberStart : numberStart).test(span);
}

/** Two different values in a span are no answer. Of an equation the right side counts. */
function readSpan(span: string, language: LanguageTag, how: string): NumberReading {
  const equals = Math.max(span.lastIndexOf('='), span.lastIndexOf('＝'));
  if (equals !== -1) {
    const found = readSide(span.slice(equals + 1), language, how);
    if (found.kind !== 'none') return found;
  }
  return readSide(span, language, how);
}

function readSide(side: string, language: LanguageTag, how: string): NumberReading {
  // After a separator an en dash before a digit is a minus sign.
  const text = side.replace(/^([\p{Zs}\t]{0,8})[–—](?=\p{Nd})/u, '$1-');
  const [first, ...rest] = distinct(numbersIn(text, language)) ?? distinct(hanNumbers(text, language)) ?? [];
  if (first === undefined) return { kind: 'none', how };
  return rest.length > 0
    ? { kind: 'ambiguous', how, raw: text.slice(first.start, first.end) }
    : reading(first, text, how);
}

function reading(number: FoundNumber, text: string, how: string): NumberReading {
  const raw = text.slice(number.start, number.end);
  return number.undecided
    ? { kind: 'ambiguous', how, raw }
    : { kind: 'read', how, number, raw, unit: unitOf(text, number) };
}

/** The first number and the first of another value, parts of words only when there is nothing else; null: no number. */
function distinct(numbers: Iterable<FoundNumber>): readonly FoundNumber[] | null {
  const free: FoundNumber[] = [];
  const glued: FoundNumber[] = [];
  for (const number of numbers) {
    const list = number.glued ? glued : free;
    const [first] = list;
    if (first === undefined || (list.length < 2 && !same(first.value, number.value))) list.push(number);
    if (free.length === 2) break;
  }
  if (free.length > 0) return free;
  return glued.length > 0 ? glued : null;
}

function readLast(text: string, language: LanguageTag): NumberReading {
  const last = lastOf(numbersIn(text, language)) ?? lastOf(hanNumbers(text, language));
  return last === null ? { kind: 'none', how: 'last' } : reading(last, text, 'last');
}

function lastOf(numbers: Iterable<FoundNumber>): FoundNumber | null {
  let free: FoundNumber | null = null;
  let glued: FoundNumber | null = null;
  for (const number of numbers) {
    if (number.glued) glued = number;
    else free = number;
  }
  return free ?? glued;
}
