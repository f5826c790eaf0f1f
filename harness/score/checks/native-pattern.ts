/**
 * Expressions of JavaScript's own engine, for look-around and back-references. It may need exponential time, so every
 * match runs in a context that the engine itself leaves when its time is over. No code but the one line below ever runs
 * there: a pattern is data.
 */
import { isNativeError } from 'node:util/types';
import { createContext, Script } from 'node:vm';
import { remembered } from '../recent.ts';
import { maxPatternBytes, maxWrittenOut, type Match } from './pattern.ts';
import { writtenOutSize } from './pattern-size.ts';

/** Milliseconds of one match. */
export const nativeLimitMs = 250;

const search = new Script('pattern.exec(text)');
const context: { pattern: RegExp | null; text: string } = Object.assign(Object.create(null), {
  pattern: null,
  text: '',
});
createContext(context, { codeGeneration: { strings: false, wasm: false } });
const known = remembered<RegExp | string>(2000);

/** The expression, or its problem in one line. `flags`: any of `i`, `m`, `s`; Unicode is always on. */
export function nativePattern(source: string, flags = ''): RegExp | string {
  return known(`${flags}/${source}`, () => compile(source, flags));
}

function compile(source: string, flags: string): RegExp | string {
  if (Buffer.byteLength(source) > maxPatternBytes) return `a pattern of more than ${maxPatternBytes} bytes`;
  const size = writtenOutSize(source);
  if (size > maxWrittenOut)
    return `the pattern, its counts ({…}) written out, has about ${size} steps, the limit is ${maxWrittenOut}`;
  try {
    return new RegExp(source, `${flags}u`);
  } catch (error) {
    return `not a pattern: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown fault'}`;
  }
}

/** The first match, or why there is no telling. */
export function searchNative(
  pattern: RegExp,
  text: string,
): { readonly match: Match | null } | { readonly problem: string } {
  context.pattern = pattern;
  context.text = text;
  try {
    const found = search.runInContext(context, { timeout: nativeLimitMs }) as RegExpExecArray | null;
    return { match: found === null ? null : { start: found.index, text: found[0] } };
  } catch (error) {
    // Thrown in the context, it is no instance of our own Error.
    if (!isNativeError(error)) throw error;
    if ('code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return { problem: `the pattern took longer than ${nativeLimitMs} ms on this answer` };
    return { problem: `the engine gave up: ${error.message.slice(0, 200)}` };
  } finally {
    context.pattern = null;
    context.text = '';
  }
}
