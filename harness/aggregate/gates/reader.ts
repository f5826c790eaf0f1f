/** Goes over the text of a gate from left to right. What does not fit throws a `Misread`, with its place. */
import type { GateFault } from './expression.ts';

/** Caught where a gate is parsed; never leaves that file. */
export class Misread extends Error {
  readonly fault: GateFault;

  constructor(fault: Pick<GateFault, 'at' | 'message'> & Partial<GateFault>) {
    super(fault.message);
    this.fault = { word: null, known: [], hint: null, ...fault };
  }
}

/** A name, and where it began. */
export interface Word {
  readonly text: string;
  readonly at: number;
  readonly isQuoted: boolean;
}

export interface Reader {
  readonly at: () => number;
  readonly isAtEnd: () => boolean;
  /** Goes past the text if it comes next. */
  readonly take: (text: string) => boolean;
  /** Goes past white space; true if there was any. */
  readonly space: () => boolean;
  /** Goes past what the sticky pattern matches; null if nothing. */
  readonly match: (pattern: RegExp) => RegExpExecArray | null;
  /** The longest of the names that comes next and ends where a name may end; else a name in quotes or a bare word. */
  readonly name: (known: readonly string[], expected: string) => Word;
  /** The rest in few letters, for a message. */
  readonly rest: () => string;
}

/** Ends a name: what follows it in the grammar. */
const boundary = /^(?:$|[\s.[\]"<>=!])/u;
const bareWord = /[^\s.[\]"<>=!]+/uy;
const quoted = /"([^"]*)"/uy;

export function readerOf(text: string): Reader {
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found;
  };
  const rest = (): string => {
    const points = Array.from(text.slice(at));
    return points.length > 20 ? `${points.slice(0, 19).join('')}…` : points.join('');
  };
  return {
    at: () => at,
    isAtEnd: () => at >= text.length,
    take: (wanted) => {
      if (!text.startsWith(wanted, at)) return false;
      at += wanted.length;
      return true;
    },
    space: () => match(/\s+/uy) !== null,
    match,
    name: (known, expected) => {
      const start = at;
      const found = known
        .filter((name) => text.startsWith(name, start) && boundary.test(text.slice(start + name.length)))
        .toSorted((a, b) => b.length - a.length)[0];
      if (found !== undefined) {
        at += found.length;
        return { text: found, at: start, isQuoted: false };
      }
      const inQuotes = match(quoted);
      if (inQuotes !== null) return { text: inQuotes[1] ?? '', at: start, isQuoted: true };
      if (text.startsWith('"', start))
        throw new Misread({ at: start, message: 'a quotation mark that is never closed' });
      const bare = match(bareWord);
      if (bare !== null) return { text: bare[0], at: start, isQuoted: false };
      throw new Misread({
        at: start,
        message: `expected ${expected}, got ${start >= text.length ? 'the end' : `"${rest()}"`}`,
      });
    },
    rest,
  };
}
