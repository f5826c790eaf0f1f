/** What may reach a terminal or a CI log, and how it is coloured. */
import { styleText } from 'node:util';

// Controls but \n and \t, line and paragraph separators, bidi embeddings, overrides and isolates, invisible joiners that
// no script needs, tags. ZWJ, ZWNJ, LRM and RLM stay: Persian, Hindi and emoji need them.
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\u{E0000}-\u{E007F}\uD800-\uDFFF]/gu;

/** Text from outside, made visible instead of active. */
export function safeText(text: string): string {
  return text.replaceAll(unsafe, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

/** Text from outside on one line of at most `width` characters. */
export function safeLine(text: string, width = 200): string {
  const line = safeText(text.replaceAll(/\s+/gu, ' ').trim());
  const characters = Array.from(line);
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : line;
}

export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;

/** Colours only where a person is watching and has not said no. */
export function painter(stream: NodeJS.WriteStream, wanted: boolean): Paint {
  const on =
    wanted && stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  return (style, text) => (on ? styleText(style, text) : text);
}
