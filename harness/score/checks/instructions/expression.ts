/**
 * Keywords as IFEval reads them: regular expressions, case aside. Most are plain words, for which the native engine
 * cannot run away; the others go through the linear one.
 */
import { compilePattern } from '../pattern.ts';
import { wordClass } from './python.ts';

export interface Expression {
  readonly found: (text: string) => boolean;
  /**
   * Matches without overlap: all of them for plain words, at most `enough` for a pattern, which may look to the end of the
   * text for each.
   * @throws RangeError where a pattern would take too long on this text.
   */
  readonly count: (text: string, enough: number) => number;
}

export interface ExpressionOptions {
  /** Python's `\b` on either side. */
  readonly edges?: boolean;
  readonly ignoreCase?: boolean;
}

const special = /[\\^$.|?*+()[\]{}]/u;
const wordCharacter = new RegExp(`^[${wordClass}]`, 'u');
const maxKnown = 2000;
const known = new Map<string, Expression | string>();

/** The expression, or its problem in one line. `source` may be put together from a keyword and what stands around it. */
export function expression(
  keyword: string,
  { edges = false, ignoreCase = true }: ExpressionOptions = {},
  around: (keyword: string) => string = (source) => source,
): Expression | string {
  const plain = !special.test(keyword);
  const source = around(edges ? (plain ? betweenEdges(keyword) : betweenOthers(keyword)) : keyword);
  const key = `${plain ? 'plain' : 're2'} ${ignoreCase ? 'i' : ''}/${source}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = plain
    ? nativeExpression(new RegExp(source, ignoreCase ? 'giu' : 'gu'))
    : linearExpression(keyword, source, ignoreCase);
  if (known.size >= maxKnown) known.clear();
  known.set(key, made);
  return made;
}

/** `\b` is an edge between what is a word character and what is none, so it depends on the character inside it. */
function betweenEdges(word: string): string {
  const last = Array.from(word).at(-1) ?? '';
  const before = wordCharacter.test(word) ? `(?<![${wordClass}])` : `(?<=[${wordClass}])`;
  const after = wordCharacter.test(last) ? `(?![${wordClass}])` : `(?=[${wordClass}])`;
  return `${before}${word}${after}`;
}

/** The same for a pattern, without look-around: right for all that begins and ends with a word character. */
function betweenOthers(pattern: string): string {
  return `(?:^|[^${wordClass}])${pattern}(?:$|[^${wordClass}])`;
}

function nativeExpression(pattern: RegExp): Expression {
  const count = (text: string): number => text.match(pattern)?.length ?? 0;
  return { count, found: (text) => text.search(pattern) !== -1 };
}

/** The keyword must be a pattern by itself: what stands around it would close a bracket that it leaves open. */
function linearExpression(keyword: string, source: string, ignoreCase: boolean): Expression | string {
  const alone = compilePattern(keyword);
  if (typeof alone === 'string') return alone;
  const pattern = compilePattern(source, ignoreCase ? 'i' : '');
  if (typeof pattern === 'string') return pattern;
  return { count: pattern.count, found: pattern.test };
}
