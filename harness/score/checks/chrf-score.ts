/**
 * chrF and chrF++ (Popović 2015, 2017) with the counting rules of sacrebleu 2.6: characters are code points, orders
 * without n-grams on either side are left out of the averages.
 */
import { codePoints } from '../code-points.ts';
import { ngramCount, ngramIndex, type NgramIndex } from './ngrams.ts';
import { splitWords, withoutSpace } from './python-space.ts';

export interface ChrfOptions {
  readonly charOrder: number;
  /** 0: chrF. 2: chrF++. */
  readonly wordOrder: number;
  readonly beta: number;
  readonly lowercase: boolean;
  /** Keep white space among the characters. */
  readonly whitespace: boolean;
}

export const chrfDefaults: ChrfOptions = {
  charOrder: 6,
  wordOrder: 2,
  beta: 2,
  lowercase: false,
  whitespace: false,
};

/** A reference taken apart once, for as many answers as there are. */
export interface ChrfReference {
  readonly characters: NgramIndex<number>;
  readonly words: NgramIndex<string>;
}

export function chrfReference(reference: string, options: ChrfOptions): ChrfReference {
  const { characters, words } = itemsOf(reference, options);
  return {
    characters: ngramIndex([characters], options.charOrder),
    words: ngramIndex([words], options.wordOrder),
  };
}

/**
 * Hypothesis n-grams, reference n-grams and matches, three numbers per order, character orders first. Statistics of
 * several segments add up to those of the corpus. Of several references the one with the best F counts, the first of
 * equals.
 */
export function chrfStats(
  hypothesis: string,
  references: readonly ChrfReference[],
  options: ChrfOptions,
): number[] {
  const { characters, words } = itemsOf(hypothesis, options);
  let best: number[] = [];
  let bestScore = -1;
  for (const reference of references) {
    const stats = [...orderStats(characters, reference.characters), ...orderStats(words, reference.words)];
    const score = chrfOf(stats, options.beta);
    if (score > bestScore) [best, bestScore] = [stats, score];
  }
  return best;
}

/** `chrfStats` against references that are asked for once. */
export function bestChrfStats(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions,
): number[] {
  return chrfStats(
    hypothesis,
    references.map((reference) => chrfReference(reference, options)),
    options,
  );
}

/** F score of statistics on the 0-100 scale; rounding may lift it above 100 by 1e-13. */
export function chrfOf(stats: readonly number[], beta: number): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let at = 0; at + 2 < stats.length; at += 3) {
    const [hyp = 0, ref = 0, match = 0] = [stats[at], stats[at + 1], stats[at + 2]];
    if (hyp === 0 || ref === 0) continue;
    precision += match / hyp;
    recall += match / ref;
    orders++;
  }
  if (precision + recall === 0) return 0;
  precision /= orders;
  recall /= orders;
  const factor = beta ** 2;
  return (100 * ((1 + factor) * precision * recall)) / (factor * precision + recall);
}

interface Items {
  /** Code points. */
  readonly characters: readonly number[];
  readonly words: readonly string[];
}

function itemsOf(text: string, { lowercase, whitespace, wordOrder }: ChrfOptions): Items {
  const line = lowercase ? text.toLowerCase() : text;
  return {
    characters: codePoints(whitespace ? line : withoutSpace(line)),
    words: wordOrder > 0 ? chrfWords(line) : [],
  };
}

const asciiPunctuation = /^[!-/:-@[-`{-~]$/u;

/** Words by white space; one ASCII punctuation mark splits off, at the end before at the start. */
function chrfWords(line: string): string[] {
  const words: string[] = [];
  for (const word of splitWords(line)) {
    const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
    const last = word.at(-1) ?? '';
    if (word.length === first.length) words.push(word);
    else if (asciiPunctuation.test(last)) words.push(word.slice(0, -1), last);
    else if (asciiPunctuation.test(first)) words.push(first, word.slice(1));
    else words.push(word);
  }
  return words;
}

function orderStats<T>(items: readonly T[], { lengths, matches }: NgramIndex<T>): number[] {
  const [length = 0] = lengths;
  return matches(items).flatMap((match, index) => {
    const inReference = ngramCount(length, index + 1);
    // An order that the reference is too short for counts on neither side.
    return inReference === 0 ? [0, 0, 0] : [ngramCount(items.length, index + 1), inReference, match];
  });
}
