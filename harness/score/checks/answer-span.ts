/** Where in an answer the final value stands: in a LaTeX box, or after a word that announces it. */
import type { LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { announcementPattern } from './answer-labels.ts';

/** Commands that only dress their argument. */
const dressing = /\\(?:text|textbf|textit|mathrm|mathbf|mathit|operatorname)\{([^{}]{0,200})\}/gu;
const fraction = /\\[dt]?frac\{([^{}]{1,60})\}\{([^{}]{1,60})\}/gu;

/** The answer without reasoning, emphasis, code marks and the LaTeX that stands around values. */
export function plainAnswer(answer: string, language: LanguageTag): string {
  const text = normalize(answer, 'strict', language).replaceAll(/\*\*|__|`/gu, '');
  if (!text.includes('\\') && !text.includes('{')) return text;
  return (
    text
      .replaceAll(dressing, '$1')
      // A space before it: 1\frac{1}{2} is one and a half.
      .replaceAll(fraction, ' $1/$2')
      .replaceAll('{,}', ',')
      .replaceAll(/\\[,;: ]/gu, '\u2009')
      .replaceAll('\\!', '')
      .replaceAll(/\\([%$#&])/gu, '$1')
  );
}

/** The content of the last `\boxed{}`, braces inside it balanced; null without one, or when it never closes. */
export function boxedSpan(text: string): string | null {
  const at = text.lastIndexOf('\\boxed');
  if (at === -1) return null;
  const opening = /\\boxed\s{0,3}\{/uy;
  opening.lastIndex = at;
  if (!opening.test(text)) return null;
  let depth = 1;
  for (let end = opening.lastIndex; end < text.length; end++) {
    const unit = text.charAt(end);
    if (unit === '{') depth++;
    else if (unit === '}') depth--;
    if (depth === 0) return text.slice(opening.lastIndex, end);
  }
  return null;
}

/** What may stand between the announcing word and the value; U+0983 is the Bengali ঃ. A hyphen before a digit is a sign. */
const separator = /[\p{Zs}\t"'”’»）)\]]{0,8}(?:[:：﹕៖=＝፦፡–—]|\u0983|-(?!\p{Nd}))/uy;
const lineEnd = /[\n\r\u0085\u2028\u2029]/u;
const readable = /[\p{L}\p{N}]/u;

interface Announced {
  readonly start: number;
  /** Where the value may begin. */
  readonly from: number;
}

/**
 * Spans after announcing words, the last one first. A word counts when a separator or a copula follows it ("Answer:",
 * "the answer is"). Only when there is none of these do bare words count ("Answer 18"), and only with a value right
 * behind them: the noun alone also stands in sentences about the answer.
 *
 * No two spans overlap, so reading them all costs no more than reading the answer once.
 */
export function announcedSpans(
  text: string,
  language: LanguageTag,
  own: readonly string[],
  startsWithValue: (span: string) => boolean,
): readonly string[] {
  const firm: Announced[] = [];
  const bare: Announced[] = [];
  for (const match of text.matchAll(announcementPattern(language, own))) {
    const end = match.index + match[0].length;
    separator.lastIndex = end;
    if (separator.test(text)) firm.push({ start: match.index, from: separator.lastIndex });
    else if (Object.values(match.groups ?? {}).some((group) => group !== undefined))
      firm.push({ start: match.index, from: end });
    else bare.push({ start: match.index, from: end });
  }
  return firm.length > 0 ? spans(text, firm) : spans(text, bare).filter(startsWithValue);
}

function spans(text: string, announced: readonly Announced[]): string[] {
  return announced
    .map(({ from }, index) => spanFrom(text.slice(from, announced[index + 1]?.start)))
    .toReversed();
}

/** The rest of the line; the next line with anything to read when it holds nothing, or only leads on ("as follows:"). */
function spanFrom(rest: string): string {
  const lines = rest.split(lineEnd, 1);
  const line = lines[0] ?? '';
  if (readable.test(line) && !/[:：]\s{0,5}$/u.test(line)) return line;
  const next = rest.slice(line.length).search(readable);
  return next === -1 ? line : (rest.slice(line.length + next).split(lineEnd, 1)[0] ?? '');
}
