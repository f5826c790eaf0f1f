/** Finds labels in text and decides whether one stands by itself or is part of a word. */
import type { LanguageTag } from '../../types.ts';
import { baseLanguage } from '../scripts.ts';
import type { Form, Forms } from './choice-forms.ts';

export interface FoundLabel extends Form {
  readonly written: string;
  readonly start: number;
  readonly end: number;
  /** Behind the word that leans on the label, if one does. */
  readonly after: number;
}

export interface LabelInProse {
  readonly found: FoundLabel;
  /** More likely a word of the language. */
  readonly doubtful: boolean;
}

/** Scripts whose words are not parted by spaces, and Hangul: next to a letter of another script, such a letter is an edge. */
const unspacedScripts = ['Hani', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr', 'Tibt'].map(
  (code) => [code, new RegExp(`\\p{scx=${code}}`, 'u')] as const,
);
const inWord = /[\p{L}\p{M}\p{N}]/u;
const digit = /\p{Nd}/u;

/** Words that lean on a label of a script: 答えはいです, 정답은 나입니다. A Chinese character needs no edge after it. */
const leaning: Readonly<Record<string, RegExp>> = {
  Hani: /(?=[\s\S])/uy,
  Hira: /(?:です|だ|で|が|と|か|の|を|は|に)/uy,
  Hang: /(?:입니다|이다|이에요|예요|번|이고|라고|임|요|와|과)/uy,
};

/**
 * Capital letters that are words in a language. At the start of a sentence, before a small letter, they are taken for
 * the word: "A dog barks", «В тексте нет ответа».
 */
const oneLetterWords: ReadonlyMap<string, string> = new Map(
  'en:A es:AEOY pt:AEO fr:A it:AEIO hu:A pl:AIOUWZ cs:AIKOSUVZ ru:АВИКОСУЯ uk:АВЗІОУЯ bg:АВИОСУ tr:O'
    .split(' ')
    .map((entry): [string, string] => [entry.slice(0, 2), entry.slice(3)]),
);
/** In English an article is no subject: "A is right" speaks of the label. */
const verbAfter = /^\p{Zs}(?:is|was|seems|must|would|looks)(?!\p{L})/u;

export class LabelFinder {
  readonly #forms: Forms;
  readonly #here: RegExp;
  readonly #anywhere: RegExp;

  constructor(forms: Forms) {
    this.#forms = forms;
    const writings = [...forms.keys()].toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
    this.#here = new RegExp(pattern(writings), 'uy');
    this.#anywhere = new RegExp(pattern(writings.filter((one) => forms.get(one)?.recased === false)), 'gu');
  }

  /** The label that starts at a place and stands by itself; a particle may lean on it. */
  at(text: string, start: number): FoundLabel | null {
    const found = this.#startingAt(text, start);
    if (found === null) return null;
    const after = leaningEnd(text, found);
    if (after === null) return isEdgeAfter(text, found) ? found : null;
    return { ...found, after };
  }

  /** Labels in running text, written in the declared case. */
  *within(text: string, language: LanguageTag): Generator<LabelInProse> {
    const asWords = oneLetterWords.get(baseLanguage(language)) ?? '';
    for (const match of text.matchAll(this.#anywhere)) {
      const found = this.#found(match[0], match.index);
      if (found === null || !isEdgeBefore(text, found) || !isEdgeAfter(text, found)) continue;
      yield { found, doubtful: asWords.includes(found.written) && beginsSentence(text, found) };
    }
  }

  /** Two labels or more written as one word: AB. */
  isSeveral(text: string, start: number): boolean {
    const indices = new Set<number>();
    for (let at = start; at - start <= 20;) {
      const found = this.#startingAt(text, at);
      if (found === null || found.recased) return false;
      indices.add(found.index);
      if (isEdgeAfter(text, found)) return indices.size > 1;
      at = found.end;
    }
    return false;
  }

  #startingAt(text: string, start: number): FoundLabel | null {
    this.#here.lastIndex = start;
    const written = this.#here.exec(text)?.[0];
    return written === undefined ? null : this.#found(written, start);
  }

  #found(written: string, start: number): FoundLabel | null {
    const form = this.#forms.get(written);
    const end = start + written.length;
    if (form === undefined) return null;
    const { index, kind, recased } = form;
    return { index, kind, recased, written, start, end, after: end };
  }
}

function pattern(writings: readonly string[]): string {
  return writings.map((one) => one.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`)).join('|');
}

const scriptCache = new Map<string, string | null>();

function unspacedScript(character: string): string | null {
  let script = scriptCache.get(character);
  if (script === undefined) {
    script = unspacedScripts.find(([, expression]) => expression.test(character))?.[0] ?? null;
    scriptCache.set(character, script);
  }
  return script;
}

function isEdgeBefore(text: string, { start, written }: FoundLabel): boolean {
  if (start === 0) return true;
  const before = text.slice(Math.max(0, start - 3), start);
  // Thai writes the word for "choice" right before the letter.
  if (before === 'ข้อ') return true;
  const neighbour = String.fromCodePoint(
    text.codePointAt(start - (isLowSurrogate(text, start - 1) ? 2 : 1)) ?? 32,
  );
  if (!parts(neighbour, written)) return false;
  // A-level; 2 in 1,2 is no label.
  return !(/[\p{L}\p{N}][-‐‑]$/u.test(before) || (digit.test(written) && /\p{Nd}[.,]$/u.test(before)));
}

function isEdgeAfter(text: string, { end, written }: FoundLabel): boolean {
  if (end === text.length) return true;
  if (!parts(String.fromCodePoint(text.codePointAt(end) ?? 32), written)) return false;
  const after = text.slice(end, end + 2);
  return !(/^(?:[-‐‑]\p{L}|[+#])/u.test(after) || (digit.test(written) && /^[.,]\p{Nd}/u.test(after)));
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Whether a neighbour leaves a label standing by itself: no letter, or a letter of a script that needs no space. */
function parts(neighbour: string, own: string): boolean {
  if (!inWord.test(neighbour)) return true;
  const script = unspacedScript(neighbour);
  return script !== null && script !== unspacedScript(own);
}

function leaningEnd(text: string, { end, written }: FoundLabel): number | null {
  const pattern = leaning[unspacedScript(written) ?? ''];
  if (pattern === undefined) return null;
  pattern.lastIndex = end;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function beginsSentence(text: string, { start, end }: FoundLabel): boolean {
  const before = text.slice(Math.max(0, start - 3), start);
  const after = text.slice(end, end + 12);
  return /(?:^|[.!?…\n]\s{0,2})$/u.test(before) && /^\p{Zs}\p{Ll}/u.test(after) && !verbAfter.test(after);
}
