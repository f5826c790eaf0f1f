/**
 * The only door of re2js: regular expressions that take time in proportion to the text times the program a pattern
 * becomes. Patterns come from suites and schemas, texts from models; a backtracking engine would let either stop the run,
 * and so would this one without bounds on the program and on the product.
 */
import { RE2JS } from 're2js';
import { writtenOutSize } from './pattern-size.ts';
import { remembered } from '../recent.ts';

export interface Match {
  /** UTF-16 offset in the text. */
  readonly start: number;
  /**
   * The first group that took part in the match; the whole match where the pattern has no group. Null where it has
   * groups and none took part.
   */
  readonly text: string | null;
}

export interface Pattern {
  /** Steps for one UTF-16 unit of text: instructions of the program, weighed up where groups must be followed. */
  readonly stepsPerUnit: number;
  /** Why matching this text would take too long, in one line, or null. */
  readonly costProblem: (text: string) => string | null;
  /** @throws RangeError where `costProblem` has something to say; `first` likewise. */
  readonly test: (text: string) => boolean;
  readonly first: (text: string) => Match | null;
  /**
   * Matches that do not overlap, at most `limit`; each may look to the end of the text.
   * @throws RangeError where `limit` matches could take too long.
   */
  readonly count: (text: string, limit: number) => number;
}

/** UTF-8 bytes of a pattern as written. */
export const maxPatternBytes = 4096;
/** Instructions of a compiled program. */
export const maxProgram = 5000;
/** Atoms with all counts written out: above this nothing is built to see. */
export const maxWrittenOut = 10 * maxProgram;
/** Steps of one match. A step takes about 20 ns. */
export const maxSteps = 20_000_000;
/** So many groups double the time of a step: their places are copied with every thread of the engine. */
const groupsPerStep = 16;
const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};
const known = remembered<Pattern | string>(2000);

/** The pattern compiled, or its problem in one line. `flags`: any of `i`, `m`, `s`; Unicode is always on. */
export function compilePattern(source: string, flags = ''): Pattern | string {
  return known(`${flags}/${source}`, () => compile(source, flags));
}

function compile(source: string, flags: string): Pattern | string {
  if (Buffer.byteLength(source) > maxPatternBytes) return `a pattern of more than ${maxPatternBytes} bytes`;
  const unknown = Array.from(flags).find((flag) => flagBits[flag] === undefined);
  if (unknown !== undefined) return `unknown flag "${unknown}": there are i, m and s`;
  const bits = Array.from(flags).reduce((sum, flag) => sum | (flagBits[flag] ?? 0), 0);
  // The estimate may be several times too high where alternatives share their beginnings; the program itself decides.
  const estimate = writtenOutSize(source);
  if (estimate > maxWrittenOut) return tooLarge(estimate);
  try {
    const re = RE2JS.compile(inRe2Spelling(source), bits);
    const size = re.programSize();
    return size > maxProgram ? tooLarge(size) : patternOf(re, size);
  } catch (error) {
    return faultOf(error instanceof Error ? error.message : 'unknown fault');
  }
}

function tooLarge(size: number): string {
  return `the pattern becomes a program of about ${size} steps, the limit is ${maxProgram}: its counts ({…}) add up or multiply`;
}

function patternOf(re: RE2JS, size: number): Pattern {
  const groups = re.groupCount();
  const stepsPerUnit = Math.ceil(size * (1 + groups / groupsPerStep));
  const costProblem = (text: string, times = 1): string | null =>
    stepsPerUnit * text.length * times > maxSteps
      ? `a pattern of ${stepsPerUnit} steps on a text of ${text.length} characters${times === 1 ? '' : `, ${times} times,`} takes too long: the limit is ${maxSteps} for all multiplied`
      : null;
  const refuseCost = (text: string, times = 1): void => {
    const problem = costProblem(text, times);
    if (problem !== null) throw new RangeError(problem);
  };
  return {
    stepsPerUnit,
    costProblem: (text) => costProblem(text),
    test: (text) => {
      refuseCost(text);
      return re.matcher(text).find();
    },
    first: (text) => {
      refuseCost(text);
      const matcher = re.matcher(text);
      if (!matcher.find()) return null;
      const start = matcher.start();
      if (groups === 0) return { start, text: matcher.group() ?? '' };
      for (let group = 1; group <= groups; group++) {
        const part = matcher.group(group);
        if (part !== null) return { start, text: part };
      }
      return { start, text: null };
    },
    count: (text, limit) => {
      refuseCost(text, limit);
      const matcher = re.matcher(text);
      let found = 0;
      while (found < limit && matcher.find()) found++;
      return found;
    },
  };
}

/** The engine's own complaint, save for what other engines have and people therefore write. */
function faultOf(message: string): string {
  const missing = /`\(\?<?[=!]/u.test(message)
    ? 'look-around'
    : /`\\[1-9k]/u.test(message)
      ? 'a back-reference'
      : /repeat count/u.test(message)
        ? 'a count above 1000, alone or multiplied,'
        : null;
  return missing === null
    ? `not a pattern: ${message.slice(0, 200)}`
    : `${missing} is not supported: patterns run in linear time (RE2 syntax)`;
}

/**
 * The engine knows `\p{Han}` and `\x{5B57}` and not the spellings of JavaScript: `\p{Script=Han}`, `\p{sc=Han}`,
 * `\u5B57`. A backslash that is escaped begins none of them.
 */
function inRe2Spelling(source: string): string {
  return source.replaceAll(
    /(\\\\)|(\\[pP]\{)(?:Script|sc)=([A-Za-z_]+\})|((?:\\u[\dA-Fa-f]{4})+)|\\u\{([\dA-Fa-f]{1,6})\}/gu,
    (_, escaped?: string, opening?: string, name?: string, units?: string, point?: string) => {
      if (escaped !== undefined) return escaped;
      if (opening !== undefined) return `${opening}${name}`;
      return units === undefined ? `\\x{${point}}` : codePoints(units);
    },
  );
}

/** A run of `\uXXXX`, in which two may be the halves of one character. */
function codePoints(escapes: string): string {
  const units = escapes
    .split('\\u')
    .slice(1)
    .map((hex) => Number.parseInt(hex, 16));
  return Array.from(
    String.fromCharCode(...units),
    (one) => `\\x{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  ).join('');
}
