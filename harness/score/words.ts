/**
 * Words, sentences and characters as readers count them, by ICU. What ICU calls a word or a sentence changes with its
 * version, so the version stands in the signature.
 */
import type { LanguageTag } from '../types.ts';
import { baseLanguage, isUnspaced } from './scripts.ts';
import { segments } from './segments.ts';

/** As signatures write it: `78.2`. */
export const icuVersion = (process.versions['icu'] ?? 'none').split('.').slice(0, 2).join('.');

/** For the signature of a score that counted with ICU: `tok:icu-78.2`. */
export const tokSignature = `tok:icu-${icuVersion}`;

type Granularity = 'word' | 'sentence' | 'grapheme';
const segmenters = new Map<string, Intl.Segmenter>();

/**
 * Words without the punctuation and space between them. ICU lets no word and no dictionary reach across a space, so a
 * text of spaced words is cut there first: it takes ICU longer to hand out a word than to find it, and words come again.
 */
export function words(text: string, language: LanguageTag): string[] {
  if (isUnspaced(language)) return wordsByIcu(text, language);
  let known = pieces.get(language);
  if (known === undefined) pieces.set(language, (known = new Map()));
  const found: string[] = [];
  for (const piece of text.split(' ')) {
    let inside = known.get(piece);
    if (inside === undefined) {
      inside = wordsByIcu(piece, language);
      if (known.size >= maxPieces) known.clear();
      if (piece.length <= longestPiece) known.set(piece, inside);
    }
    for (const word of inside) found.push(word);
  }
  return found;
}

const pieces = new Map<LanguageTag, Map<string, readonly string[]>>();
const maxPieces = 10_000;
/** Longer ones are views of their text to V8, and would keep a long answer alive for a word of it. */
const longestPiece = 12;

function wordsByIcu(text: string, language: LanguageTag): string[] {
  const found: string[] = [];
  for (const part of segments(text, segmenter(language, 'word'))) {
    if (part.isWordLike === true) found.push(part.segment);
  }
  return found;
}

/** Characters as a reader counts them: 👨‍👩‍👧 is one, नमस्ते three. */
export function graphemes(text: string): string[] {
  return Array.from(segments(text, segmenter('und', 'grapheme')), (part) => part.segment);
}

/** How many there are. Most texts need no ICU for that: each unit in them is a character by itself. */
export function countGraphemes(text: string): number {
  return joinsNothing.test(text) ? text.length : graphemes(text).length;
}

/**
 * Letters, digits and signs with which nothing joins: Latin, Greek, Cyrillic, Hebrew, Arabic without marks, kana, Han and
 * composed Hangul. No mark, no joiner, no jamo, no CR, nothing outside the Basic Multilingual Plane.
 */
export const joinsNothing =
  /^[\n\t\x20-\x7E\xA1-\xAC\xAE-\u02FF\u0370-\u0482\u048A-\u052F\u05D0-\u05EA\u060C\u061B\u061F-\u064A\u0660-\u066F\u0671-\u06D3\u1E00-\u1FFF\u2010-\u2027\u3000-\u3029\u3030-\u3096\u309B-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF9D]*$/u;

/** The first characters of a text, as a reader counts them. */
export function firstGraphemes(text: string, most: number): string {
  if (text.length <= most) return text;
  let count = 0;
  for (const part of segmenter('und', 'grapheme').segment(text)) {
    if (count === most) return text.slice(0, part.index);
    count++;
  }
  return text;
}

/** Sentences that hold more than white space and punctuation. ICU ends one after `Dr.` too. */
export function sentences(text: string, language: LanguageTag): string[] {
  return Array.from(segments(text, segmenter(language, 'sentence')), (part) => part.segment.trim()).filter(
    (sentence) => /[\p{L}\p{N}\p{S}]/u.test(sentence),
  );
}

/** False where writing marks no sentence and ICU finds none: Thai and Lao. */
export function hasSentences(language: LanguageTag): boolean {
  return !['th', 'lo'].includes(baseLanguage(language));
}

/** Why words cannot be counted in this build of Node.js, or null: without full ICU Thai has no words. */
export function icuProblem(): string | null {
  const probe = 'แมวนั่งบนเสื่อ';
  const found = typeof Intl.Segmenter === 'function' ? words(probe, 'th').length : 0;
  return found === 4
    ? null
    : `this Node.js cannot split Thai into words (ICU ${icuVersion}: ${found} words in a text of 4)`;
}

function segmenter(language: LanguageTag, granularity: Granularity): Intl.Segmenter {
  const key = `${granularity} ${language}`;
  let known = segmenters.get(key);
  if (known === undefined) {
    known = new Intl.Segmenter(locale(language), { granularity });
    segmenters.set(key, known);
  }
  return known;
}

/** A tag that ICU refuses is no reason to stop counting. */
function locale(language: LanguageTag): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'und';
  } catch {
    return 'und';
  }
}
