/**
 * Reading JSON-like text without parsing it: where brackets open and close, how deep they nest, and what `JSON.parse`
 * would pass over in silence. All loops are iterative and linear: the text comes from a model.
 */

export interface Region {
  /** Offsets into the text scanned, UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface BracketScan {
  /** Outermost balanced `{}` and `[]`, in order; also those inside a bracket that never closes. */
  readonly regions: readonly Region[];
  /** Deepest nesting met, closed or not. */
  readonly depth: number;
  /** A bracket was still open at the end. */
  readonly unclosed: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
/** In ASCII both closing brackets stand two places after their openers. */
const brace = 0x7b;
const bracket = 0x5b;

/**
 * Pairs brackets, aware of double-quoted strings inside brackets; quotes in the prose around them mean nothing. A closing
 * bracket of the wrong kind closes the nearest opener of its own kind.
 */
export function scanBrackets(text: string): BracketScan {
  const open: number[] = [];
  const regions: Region[] = [];
  let openBraces = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === backslash) at++;
      else if (unit === quote) inString = false;
    } else if (unit === quote) {
      inString = open.length > 0;
    } else if (unit === brace || unit === bracket) {
      open.push(at);
      if (unit === brace) openBraces++;
      depth = Math.max(depth, open.length);
    } else if (unit === brace + 2 || unit === bracket + 2) {
      // The counts keep this linear: nothing is searched that is not there, and all that is passed is popped.
      if ((unit === brace + 2 ? openBraces : open.length - openBraces) === 0) continue;
      let start = -1;
      let opener = -1;
      while (opener !== unit - 2) {
        start = open.pop() ?? 0;
        opener = text.charCodeAt(start);
        if (opener === brace) openBraces--;
      }
      while ((regions.at(-1)?.start ?? -1) > start) regions.pop();
      regions.push({ start, end: at + 1 });
    }
  }
  return { regions, depth, unclosed: open.length > 0 };
}

/** What `JSON.parse` does not tell. */
export type JsonWarning = 'duplicate_key' | 'precision_loss' | 'lone_surrogate' | 'bom';

/**
 * Warnings about a text that `JSON.parse` accepts: a key given twice (the last wins), a number that a double cannot
 * hold as written, half a surrogate pair.
 */
export function jsonWarnings(source: string): readonly Exclude<JsonWarning, 'bom'>[] {
  const found = new Set<Exclude<JsonWarning, 'bom'>>();
  if (/\p{Surrogate}/u.test(source)) found.add('lone_surrogate');
  /** One entry per open bracket: the keys so far, or null in an array. */
  const keys: (Set<string> | null)[] = [];
  let expectKey = false;
  for (let at = 0; at < source.length;) {
    const unit = source.charCodeAt(at);
    if (unit === quote) {
      const end = stringEnd(source, at);
      const token = source.slice(at, end);
      const escaped = token.includes('\\u');
      if (escaped && /\p{Surrogate}/u.test(String(JSON.parse(token)))) found.add('lone_surrogate');
      const inside = keys.at(-1);
      if (expectKey && inside) {
        const key = token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
        if (inside.has(key)) found.add('duplicate_key');
        inside.add(key);
      }
      expectKey = false;
      at = end;
    } else if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) {
      const end = numberEnd(source, at);
      if (losesPrecision(source.slice(at, end))) found.add('precision_loss');
      at = end;
    } else {
      if (unit === 0x7b) keys.push(new Set());
      else if (unit === 0x5b) keys.push(null);
      else if (unit === 0x7d || unit === 0x5d) keys.pop();
      if (unit === 0x7b || unit === 0x2c) expectKey = keys.at(-1) instanceof Set;
      at++;
    }
  }
  return [...found].toSorted();
}

function stringEnd(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === backslash) at++;
    else if (unit === quote) return at + 1;
  }
  return source.length;
}

function numberEnd(source: string, start: number): number {
  const number = /[-+.\deE]+/y;
  number.lastIndex = start;
  number.test(source);
  return Math.max(number.lastIndex, start + 1);
}

/** True when the nearest double, written shortest, is another decimal than the token. */
export function losesPrecision(token: string): boolean {
  if (token.length <= 15 && !/[eE]/u.test(token)) return false;
  const value = Number(token);
  return !Number.isFinite(value) || canonicalDecimal(token) !== canonicalDecimal(String(value));
}

/** Sign, significant digits and power of ten: `-1.50e2` and `-150` give the same. */
function canonicalDecimal(token: string): string {
  const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[-+]/u, '').split('.');
  const digits = (whole + fraction).replace(/^0+/u, '');
  const significant = digits.replace(/0+$/u, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
