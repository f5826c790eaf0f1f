/** Turns the frames of a language into one expression over the lenient text of sentences, a line each. */
import { normalize } from '../normalize.ts';
import { isUnspaced } from '../scripts.ts';
import { refusalPhrases, type RefusalPhrases } from './refusal-phrases.ts';

export interface RefusalPattern {
  /** A phrase, or null. */
  readonly find: (lines: string) => string | null;
}

const patterns = new Map<string, RefusalPattern>();

/** The phrases of a base language; null where there is no table. */
export function refusalPattern(language: string): RefusalPattern | null {
  const phrases = Object.hasOwn(refusalPhrases, language) ? refusalPhrases[language] : undefined;
  if (phrases === undefined) return null;
  const known = patterns.get(language) ?? compile(phrases, language);
  patterns.set(language, known);
  return known;
}

function compile({ frames, except, breaks }: RefusalPhrases, language: string): RefusalPattern {
  const writer = isUnspaced(language) ? unspacedWriter(language, breaks) : spacedWriter(language, breaks);
  const found = new RegExp(
    frames
      .flatMap(opened)
      .map((frame) => source(frame, writer))
      .join('|'),
    'u',
  );
  const none = except === undefined ? null : new RegExp(writer.first(except), 'gu');
  return {
    find: (lines) => found.exec(none === null ? lines : lines.replaceAll(none, '\n'))?.[0] ?? null,
  };
}

/** A frame whose first step may be the start of a sentence is two. */
function opened(frame: readonly string[]): (readonly string[])[] {
  const [first = '', ...rest] = frame;
  const others = first.split('|').filter((one) => one !== '^');
  return others.length === first.split('|').length
    ? [frame]
    : [
        ['^', ...rest],
        [others.join('|'), ...rest],
      ];
}

/** How the steps of one way of writing become parts of an expression. */
interface Writer {
  readonly first: (alternatives: string) => string;
  readonly next: (alternatives: string) => string;
  readonly gap: (most: number) => string;
}

function source(frame: readonly string[], { first, next, gap }: Writer): string {
  const parts: string[] = [];
  let begun = false;
  for (const step of frame) {
    if (step === '^') parts.push(String.raw`(?<![^\n])`);
    else if (step === '$') parts.push(String.raw`(?![^\n])`);
    else if (step.startsWith('*')) parts.push(begun ? gap(Number(step.slice(1))) : '');
    else if (step.startsWith('?')) parts.push(`(?:${next(step.slice(1))})?`);
    else {
      parts.push(begun ? next(step) : first(step));
      begun = true;
    }
  }
  return parts.join('');
}

function spacedWriter(language: string, breaks: string | undefined): Writer {
  const one = (alternatives: string): string => {
    const all = alternatives.split('|').map((alternative) => {
      const { text, open, last } = read(alternative, language);
      return `${text}${open ? String.raw`[^ \n]*` : last ? String.raw`(?![^\n])` : String.raw`(?![^ \n])`}`;
    });
    return `(?:${all.join('|')})`;
  };
  const not = breaks === undefined ? '' : `(?!${one(breaks)})`;
  return {
    first: (alternatives) => String.raw`(?<![^ \n])` + one(alternatives),
    next: (alternatives) => ` ${one(alternatives)}`,
    gap: (most) => String.raw`(?: ${not}[^ \n]+){0,${most}}?`,
  };
}

function unspacedWriter(language: string, breaks: string | undefined): Writer {
  const one = (alternatives: string): string =>
    `(?:${alternatives
      .split('|')
      .map((alternative) => read(alternative, language).text)
      .join('|')})`;
  const not = breaks === undefined ? '' : `(?!${one(breaks)})`;
  return {
    first: one,
    next: (alternatives) => ` ?${one(alternatives)}`,
    gap: (most) => String.raw`(?:${not}[^\n]){0,${most}}?`,
  };
}

/** An alternative in the form in which answers are searched; `open`: it may go on; `last`: it ends the sentence. */
function read(
  alternative: string,
  language: string,
): { readonly text: string; readonly open: boolean; readonly last: boolean } {
  const open = alternative.endsWith('…');
  const last = alternative.endsWith('$');
  const text = normalize(open || last ? alternative.slice(0, -1) : alternative, 'lenient', language);
  return { text: text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`), open, last };
}
