/** Reads which of the declared labels an answer chooses. */
import type { LanguageTag } from '../../types.ts';
import { asciiDigits } from '../digits.ts';
import { announcedSpans, boxedSpan, plainAnswer } from './answer-span.ts';
import { connectorEnd } from './choice-connectors.ts';
import { LabelFinder, type FoundLabel } from './choice-find.ts';
import { bareLabels, labelForms } from './choice-forms.ts';
import { choicesIn } from './choice-text.ts';

export type ChoiceReading =
  | { readonly kind: 'choice'; readonly how: string; readonly index: number }
  /** `ambiguous`: more than one; `invalid`: a label that was not offered; `none`: nothing that chooses. */
  | { readonly kind: 'ambiguous' | 'invalid' | 'none'; readonly how: string };

export interface Offer {
  readonly labels: readonly string[];
  /** Texts of the options in the order of the labels, or empty. */
  readonly choices: readonly string[];
  readonly language: LanguageTag;
}

/** In the order in which they are trusted: box, announced spans (the last first), the whole answer. */
export function readChoice(answer: string, offer: Offer): ChoiceReading {
  // ـ only stretches the letter before it: جـ is ج.
  const plain = plainAnswer(answer, offer.language).replaceAll('\u0640', '');
  const known = knownLabels(offer.labels);
  const text = known.numeric ? asciiDigits(plain) : plain;
  const reader = new SpanReader(known, offer);
  const boxed = boxedSpan(text);
  if (boxed !== null) {
    const reading = reader.read(boxed, 'boxed');
    if (reading.kind !== 'none') return reading;
  }
  for (const span of announcedSpans(text, offer.language, [], (rest) => reader.startsWithLabel(rest))) {
    const reading = reader.read(span, 'labelled');
    if (reading.kind !== 'none') return reading;
  }
  return reader.read(text, 'whole');
}

/** Labels made ready to be looked for; a suite has few sets of them, and many answers to each. */
interface KnownLabels {
  readonly labels: readonly string[];
  readonly numeric: boolean;
  readonly finder: LabelFinder;
}

const knownSets = new Map<string, KnownLabels>();
const maxKnownSets = 500;

function knownLabels(declared: readonly string[]): KnownLabels {
  const key = JSON.stringify(declared);
  let known = knownSets.get(key);
  if (known === undefined) {
    const bare = bareLabels(declared);
    known = { ...bare, finder: new LabelFinder(labelForms(bare.labels)) };
    if (knownSets.size >= maxKnownSets) knownSets.clear();
    knownSets.set(key, known);
  }
  return known;
}

/** Brackets, quotes, separators and list marks before a label. */
const opening = /[\p{Zs}\s(（[［{「『【《〈"'“”‘’«»„‹›:：=–—*•#-]*/uy;
/** What ends a label at the start of an answer. */
const closing = /["'”’»›\p{Zs}\t]{0,3}(?:[)）\]］】}」』》〉.．。｡:：、፦።།]|[–—-](?!\p{L})|$|[\n\r])/uy;
const closingMarks = /["'”’»›)）\]］】}」』》〉.．。｡:：]{0,3}/uy;
/** One letter or one number standing alone, then the end or a mark that closes a label. */
const lonely =
  /(?:\p{L}\p{M}{0,4}|\p{N}{1,3})(?:[)）\]］】:：]|["'”’»›)）\]］】}」』.．。｡!！:：\s]{0,10}$|[.．。][\p{Zs}\n])/uy;

class SpanReader {
  readonly #finder: LabelFinder;
  readonly #labels: readonly string[];
  readonly #offer: Offer;

  constructor({ labels, finder }: KnownLabels, offer: Offer) {
    this.#labels = labels;
    this.#offer = offer;
    this.#finder = finder;
  }

  startsWithLabel(span: string): boolean {
    const first = this.#finder.at(span, startOf(span));
    return first !== null && (!first.recased || matchesAt(closing, span, first.end));
  }

  read(span: string, how: 'boxed' | 'labelled' | 'whole'): ChoiceReading {
    const start = startOf(span);
    if (start === span.length) return { kind: 'none', how };
    const atStart = this.#readStart(span, start, how);
    if (atStart !== null) return atStart;
    const stray = this.#finder.at(span, start) === null ? matchAt(lonely, span, start) : null;
    const strayKind = stray === null ? null : kindOf(stray[0]);
    if (strayKind !== null && this.#labels.some((label) => kindOf(label) === strayKind))
      return { kind: 'invalid', how };
    const texts = choicesIn(span, this.#offer.choices, this.#offer.language);
    const labels = this.#labelsIn(span);
    const [text] = texts;
    const [label] = labels;
    if (texts.size === 1 && text !== undefined)
      return labels.size === 1 && label !== text
        ? { kind: 'ambiguous', how }
        : { kind: 'choice', how: `${how}-text`, index: text };
    if (labels.size > 1) return { kind: 'ambiguous', how };
    if (label !== undefined) return { kind: 'choice', how: `${how}-found`, index: label };
    if (texts.size > 1) return { kind: 'ambiguous', how };
    // A letter or number of another kind than the labels: B where 가 나 다 라 were offered.
    return { kind: stray === null || /[.．。]\s$/u.test(stray[0]) ? 'none' : 'invalid', how };
  }

  /** A label at the start of the span; in an answer as a whole only if something closes it. */
  #readStart(span: string, start: number, how: 'boxed' | 'labelled' | 'whole'): ChoiceReading | null {
    const first = this.#finder.at(span, start);
    if (first === null) return this.#finder.isSeveral(span, start) ? { kind: 'ambiguous', how } : null;
    const closed = matchesAt(closing, span, first.after);
    // "a dog" begins with no label, "a)" does; in a span of its own "A dog" does too.
    if (!closed && (how === 'whole' || first.recased)) return null;
    if (how === 'whole' && this.#restatesOptions(span, first)) return null;
    if (first.kind === 'conflict') {
      const texts = choicesIn(span, this.#offer.choices, this.#offer.language);
      const [text] = texts;
      return texts.size === 1 && text !== undefined
        ? { kind: 'choice', how: `${how}-text`, index: text }
        : { kind: 'ambiguous', how };
    }
    if (this.#joinsAnother(span, first)) return { kind: 'ambiguous', how };
    return { kind: 'choice', how: how === 'whole' ? 'start' : how, index: first.index };
  }

  /** "A or B", "A) / B)", "A B". */
  #joinsAnother(span: string, first: FoundLabel): boolean {
    closingMarks.lastIndex = first.end;
    closingMarks.test(span);
    const from = closingMarks.lastIndex;
    const joined = connectorEnd(span, from);
    const second = this.#finder.at(span, startOf(span, joined ?? from));
    if (second === null || second.index === first.index) return false;
    // Side by side they must be all there is; "a" after a comma may be a word.
    if (joined === null)
      return second.start > from && /^[\p{P}\s]*$/u.test(span.slice(second.end, second.end + 20));
    return !second.recased || first.recased;
  }

  /** The first option and the second on the next line: the model repeats the question before it answers. */
  #restatesOptions(span: string, first: FoundLabel): boolean {
    if (first.index !== 0) return false;
    const newline = span.indexOf('\n', first.end);
    if (newline === -1) return false;
    const next = this.#finder.at(span, startOf(span, newline));
    return next !== null && next.index === 1 && matchesAt(closing, span, next.end);
  }

  /**
   * Labels standing by themselves in prose; look-alikes only when no label is written as declared. One that may be a
   * word chooses nothing alone, but speaks against another.
   */
  #labelsIn(span: string): ReadonlySet<number> {
    const declared = new Set<number>();
    const alike = new Set<number>();
    let firm = false;
    for (const { found, doubtful } of this.#finder.within(span, this.#offer.language)) {
      const { kind, index } = found;
      if (kind === 'exact') declared.add(index);
      if (kind === 'alike') alike.add(index);
      firm ||= !doubtful;
      if (firm && declared.size > 1) break;
    }
    if (!firm) return new Set();
    return declared.size > 0 ? declared : alike;
  }
}

function startOf(span: string, from = 0): number {
  opening.lastIndex = from;
  opening.test(span);
  return opening.lastIndex;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  return matchAt(pattern, text, at) !== null;
}

const kinds = 'Latn Cyrl Grek Arab Hebr Deva Beng Ethi Thai Hang Kana Hira Hani'
  .split(' ')
  .map((script) => [script, new RegExp(`^\\p{scx=${script}}`, 'u')] as const);

/** Script of a letter, or `number`: a stray label is one that could have been among the offered. */
function kindOf(label: string): string {
  if (/^\p{N}/u.test(label)) return 'number';
  return kinds.find(([, pattern]) => pattern.test(label))?.[0] ?? 'other';
}
