/**
 * The only door of re2js: regular expressions that take time in proportion to the text, whatever the pattern. Patterns
 * come from suites and schemas, texts from models; a backtracking engine would let either stop the run.
 */
import { RE2JS } from 're2js';

export interface Match {
  /** UTF-16 offset in the text. */
  readonly start: number;
  /** The first group where the pattern has one, else the whole match. */
  readonly text: string;
}

export interface Pattern {
  readonly test: (text: string) => boolean;
  readonly first: (text: string) => Match | null;
}

const maxPatternBytes = 4096;
const maxCached = 2000;
const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};
const cache = new Map<string, Pattern | string>();

/** The pattern compiled, or its problem in one line. `flags`: any of `i`, `m`, `s`; Unicode is always on. */
export function compilePattern(source: string, flags = ''): Pattern | string {
  const key = `${flags}/${source}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const compiled = compile(source, flags);
  if (cache.size >= maxCached) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

function compile(source: string, flags: string): Pattern | string {
  if (Buffer.byteLength(source) > maxPatternBytes) return `a pattern of more than ${maxPatternBytes} bytes`;
  const unknown = Array.from(flags).find((flag) => flagBits[flag] === undefined);
  if (unknown !== undefined) return `unknown flag "${unknown}": there are i, m and s`;
  const refused = /\(\?<?[=!]/u.test(source)
    ? 'look-around'
    : /\\[1-9]|\\k</u.test(source)
      ? 'a back-reference'
      : null;
  if (refused !== null) return `${refused} is not supported: patterns run in linear time (RE2 syntax)`;
  const bits = Array.from(flags).reduce((sum, flag) => sum | (flagBits[flag] ?? 0), 0);
  try {
    const re = RE2JS.compile(shortScriptNames(source), bits);
    return {
      test: (text) => re.matcher(text).find(),
      first: (text) => {
        const matcher = re.matcher(text);
        if (!matcher.find()) return null;
        const group = re.groupCount() > 0 ? 1 : 0;
        return { start: matcher.start(), text: matcher.group(group) ?? '' };
      },
    };
  } catch (error) {
    return `not a pattern: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown fault'}`;
  }
}

/** The engine knows `\p{Han}` and not the longer spellings of JavaScript. */
function shortScriptNames(source: string): string {
  return source.replaceAll(/(\\[pP]\{)(?:Script|sc)=([A-Za-z_]+\})/gu, '$1$2');
}
