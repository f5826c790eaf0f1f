/**
 * What may reach a terminal or a CI log, and how it is coloured. Machines read such logs too: a line may be a command to
 * them, wherever it came from.
 */
import { styleText } from 'node:util';

// Controls but \n and \t, line and paragraph separators, bidi embeddings, overrides and isolates, invisible joiners that
// no script needs, tags. ZWJ, ZWNJ, LRM and RLM stay: Persian, Hindi and emoji need them.
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF\u{E0000}-\u{E007F}\uD800-\uDFFF]/gu;

/** GitHub (its old form), Azure and TeamCity look for these anywhere in a line: nothing before them takes their force. */
const commandMark = /##(?=\[|vso\[|teamcity\[)/giu;
/** GitHub looks for this at the start of a line, blanks aside. */
const commandStart = /^(?=\s*::)/gmu;
/** The codes that `painter` writes. */
// eslint-disable-next-line no-control-regex
const paintCode = /(\u001B\[(?:1|2|22|31|32|33|39)m)/u;

/** Whether a job of GitHub reads the log. */
export const isOnGitHub = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['GITHUB_ACTIONS'] === 'true';

/** Stands before lines of text from outside: no machine takes them for its own. */
export const bar = '│ ';

/** Text from outside, made visible instead of active. */
export function safeText(text: string): string {
  return text
    .replaceAll(unsafe, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`)
    .replaceAll(commandMark, String.raw`#\u{23}`);
}

/** Text from outside on one line of at most `width` characters. */
export function safeLine(text: string, width = 200): string {
  const line = safeText(text.replaceAll(/\s+/gu, ' ').trim());
  const characters = Array.from(line);
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : line;
}

/** Text from outside, every line of it behind a bar. */
export function quotedLines(text: string): string {
  return safeText(text).replaceAll(/^/gmu, bar);
}

/**
 * The last look at anything that is said, whoever made it: no control character but line feed and tab (and our own
 * colours, where they are `painted`), no line that a machine takes for a command.
 */
export function fitForLog(text: string, painted: boolean): string {
  const clean = painted
    ? text
        .split(paintCode)
        .map((part, at) => (at % 2 === 1 ? part : safeText(part)))
        .join('')
    : safeText(text);
  return clean.replaceAll(commandStart, bar);
}

/** Markdown of ours, as a part of which text from outside was made safe: the invisible breaks in it stay. */
export function fitMarkdown(text: string): string {
  return text.split('\u200b').map(safeText).join('\u200b').replaceAll(commandStart, bar);
}

/** JSON of the same value, without a character that a terminal or a CI log would act on: such stand as `\uXXXX`. */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent)
    .replaceAll(unsafe, (found) =>
      found
        .split('')
        .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
        .join(''),
    )
    .replaceAll(commandMark, String.raw`\u0023#`);
}

export type Paint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow', text: string) => string;

/** Colours only where a person is watching and has not said no. */
export function isPainted(stream: NodeJS.WriteStream, wanted: boolean): boolean {
  return wanted && stream.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
}

export function painter(on: boolean): Paint {
  return (style, text) => (on ? styleText(style, text) : text);
}
