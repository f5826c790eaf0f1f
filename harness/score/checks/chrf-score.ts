/**
 * chrF and chrF++ (Popović 2015, 2017) with the counting rules of sacrebleu 2.6: characters are code points, orders
 * without n-grams on either side are left out of the averages.
 */

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

/** Python's `str.split()` separators: JavaScript's `\s` has U+FEFF and lacks U+001C to U+001F and U+0085. */
const spaces = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const allSpaces = new RegExp(spaces, 'gu');
const asciiPunctuation = /^[!-/:-@[-`{-~]$/u;

/**
 * Hypothesis n-grams, reference n-grams and matches, three numbers per order, character orders first. Statistics of
 * several segments add up to those of the corpus.
 */
export function chrfStats(hypothesis: string, reference: string, options: ChrfOptions): number[] {
  const hyp = sequences(hypothesis, options);
  const ref = sequences(reference, options);
  const stats: number[] = [];
  for (let order = 1; order <= options.charOrder; order++)
    stats.push(...orderStats(hyp.characters, ref.characters, order));
  for (let order = 1; order <= options.wordOrder; order++)
    stats.push(...orderStats(hyp.words, ref.words, order));
  return stats;
}

/** F score of statistics on the 0-100 scale; rounding may lift it above 100 by 1e-13. */
export function chrfOf(stats: readonly number[], beta: number): number {
  let precision = 0;
  let recall = 0;
  let orders = 0;
  for (let at = 0; at + 2 < stats.length; at += 3) {
    const [hyp = 0, ref = 0, match = 0] = stats.slice(at, at + 3);
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

/** Statistics of the reference that gives the best F; the first of equals. */
export function bestChrfStats(
  hypothesis: string,
  references: readonly string[],
  options: ChrfOptions,
): number[] {
  let best: number[] = [];
  let bestScore = -1;
  for (const reference of references) {
    const stats = chrfStats(hypothesis, reference, options);
    const score = chrfOf(stats, options.beta);
    if (score > bestScore) [best, bestScore] = [stats, score];
  }
  return best;
}

/** Items laid end to end in one text, so that an n-gram is one slice of it. Offsets in UTF-16 units. */
interface Sequence {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

function sequences(text: string, options: ChrfOptions): { characters: Sequence; words: Sequence } {
  const line = options.lowercase ? text.toLowerCase() : text;
  const characters = Array.from(options.whitespace ? line : line.replace(allSpaces, ''));
  // Words hold no space, so one between them keeps "a b" and "ab" apart.
  return {
    characters: sequence(characters, ''),
    words: sequence(options.wordOrder > 0 ? chrfWords(line) : [], ' '),
  };
}

function sequence(items: readonly string[], separator: string): Sequence {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const item of items) {
    starts.push(at);
    ends.push(at + item.length);
    at += item.length + separator.length;
  }
  return { text: items.join(separator), starts, ends };
}

/** Words by white space; one ASCII punctuation mark splits off, at the end before at the start. */
function chrfWords(line: string): string[] {
  const words: string[] = [];
  for (const word of line.split(spaces)) {
    if (word === '') continue;
    const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
    const last = word.at(-1) ?? '';
    if (word.length === first.length) words.push(word);
    else if (asciiPunctuation.test(last)) words.push(word.slice(0, -1), last);
    else if (asciiPunctuation.test(first)) words.push(first, word.slice(1));
    else words.push(word);
  }
  return words;
}

/**
 * Counts of one order. N-grams of the reference are counted, then used up by those of the hypothesis: the sum of the
 * smaller counts without a second table.
 */
function orderStats(hyp: Sequence, ref: Sequence, order: number): [number, number, number] {
  const refCount = Math.max(0, ref.starts.length - order + 1);
  const hypCount = Math.max(0, hyp.starts.length - order + 1);
  if (refCount === 0) return [0, 0, 0];
  const left = new Map<string, number>();
  for (let at = 0; at < refCount; at++) {
    const gram = ref.text.slice(ref.starts[at], ref.ends[at + order - 1]);
    left.set(gram, (left.get(gram) ?? 0) + 1);
  }
  let matches = 0;
  for (let at = 0; at < hypCount; at++) {
    const gram = hyp.text.slice(hyp.starts[at], hyp.ends[at + order - 1]);
    const remaining = left.get(gram);
    if (remaining === undefined || remaining === 0) continue;
    left.set(gram, remaining - 1);
    matches++;
  }
  return [hypCount, refCount, matches];
}
