/**
 * How deep a text nests, told from its tokens. The YAML parser recurses, and a second deep document in one process
 * overflows the stack in a way no `catch` sees, so depth must be known before parsing.
 */

/** What the lexer emits before the text of a plain or block scalar. */
const scalarNext = '\u001f';

export interface TokenLimits {
  readonly depth: number;
  readonly tokens: number;
}

/** Offset of the first token over a limit and which limit it was, or null. Reads no further than needed. */
export function overLimit(
  tokens: Iterable<string>,
  limits: TokenLimits,
): { offset: number; limit: 'depth' | 'tokens' } | null {
  let offset = 0;
  let count = 0;
  let lineStart = 0;
  let flow = 0;
  /** Indicators in a row since the last separator: `- - -`, `? ? ?`, `a: b: c:` nest without any indent. */
  let chain = 0;
  /** Columns at which the open block collections begin, growing. */
  const columns: number[] = [];
  let leading = true;
  let scalar = false;
  for (const token of tokens) {
    if (token === scalarNext) {
      scalar = true;
      continue;
    }
    // Markers of the lexer, not text of the file.
    if (token === '\u0002' || token === '\u0018') continue;
    count += 1;
    if (count > limits.tokens) return { offset, limit: 'tokens' };
    const isScalar = scalar;
    scalar = false;
    const first = isScalar ? '' : (token[0] ?? '');
    if (!isScalar && (first === '\n' || first === '\r')) {
      leading = true;
      if (flow === 0) chain = 0;
      lineStart = offset + token.length;
    } else if (!isScalar && (token === '[' || token === '{')) {
      flow += 1;
      leading = false;
      chain = 0;
    } else if (!isScalar && (token === ']' || token === '}')) {
      flow = Math.max(0, flow - 1);
      chain = 0;
    } else if (!isScalar && token === ',') {
      chain = 0;
    } else if (first !== ' ' && first !== '\t' && first !== '#') {
      const indicator = !isScalar && (token === '-' || token === '?' || token === ':');
      if (indicator) chain += 1;
      if (leading && flow === 0) {
        const column = offset - lineStart;
        while ((columns.at(-1) ?? -1) >= column) columns.pop();
        columns.push(column);
        // After `- ` or `? ` the next token on the line begins a collection of its own.
        leading = indicator;
      }
    }
    if (columns.length + flow > limits.depth || chain > limits.depth) return { offset, limit: 'depth' };
    offset += token.length;
    if (isScalar && token.includes('\n')) lineStart = offset - (token.length - 1 - token.lastIndexOf('\n'));
    if (isScalar && token.endsWith('\n')) {
      leading = true;
      chain = 0;
    }
  }
  return null;
}

/** What JSON.parse would not say of a text: brackets deeper than `depth`, or a key written twice in one object. */
export function jsonOddity(text: string, depth: number): 'deep' | { readonly twice: string } | null {
  /** The keys of each open object; null for a list. */
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text[at];
    if (unit === '"') {
      const start = at;
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
      last = text.slice(start, at + 1);
    } else if (unit === '{' || unit === '[') {
      open.push(unit === '{' ? new Set() : null);
      if (open.length > depth) return 'deep';
    } else if (unit === '}' || unit === ']') open.pop();
    else if (unit === ':') {
      const keys = open.at(-1);
      const key = unquoted(last);
      if (keys?.has(key) === true) return { twice: key };
      keys?.add(key);
    }
  }
  return null;
}

/** A text that is no JSON has no keys to tell apart; the parser will say so. */
function unquoted(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return written;
  }
}
