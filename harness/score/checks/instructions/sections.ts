/** Headings with a number: `Section 2`, القسم ٢, 第2章, 2. Bölüm. */
import { expression, type Expression } from './expression.ts';
import { spaceClass } from './python.ts';

const numbered = (splitter: string): string => `${splitter}[${spaceClass}]?\\p{Nd}+`;

/** The splitter and a number after it, as IFEval counts them: the splitter is a pattern. A text tells its fault. */
export function ifevalSections(splitter: string): Expression | string {
  return expression(splitter, { ignoreCase: false }, numbered);
}

const space = `[${spaceClass}]`;
/** The start of a line, and what headings have before their first letter or digit; no line end, or it would be tried anew at each. */
const lead = '(?:^|\\n)[ \\t\u3000#*_>【［\\[「『<《«"“-]{0,20}';
/** Ordinals of Chinese, Japanese and Korean; numerals in Han letters count behind them alone. */
const ordinal = `(?:[第제]${space}?(?:\\p{Nd}+|[〇零一二三四五六七八九十百]+)|\\p{Nd}+)`;

const leading = (splitter: string): string => `${lead}${ordinal}[.．]?${space}?${splitter}`;
const escaped = (splitter: string): string => splitter.replaceAll(/[\\^$.|?*+()[\]{}]/gu, '\\$&');

/** The splitter and a number: after it anywhere, as IFEval counts, or before it at the start of a line; whichever is more. */
export function visavisSections(splitter: string): Expression | string {
  const after = ifevalSections(escaped(splitter));
  const before = expression(escaped(splitter), { ignoreCase: false }, leading);
  if (typeof after === 'string' || typeof before === 'string')
    return [after, before].find((one) => typeof one === 'string') ?? '';
  return {
    found: (text) => after.found(text) || before.found(text),
    count: (text, enough) => Math.max(after.count(text, enough), before.count(text, enough)),
  };
}
