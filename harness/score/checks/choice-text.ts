/** Finds the texts of the choices in an answer, for models that repeat the option and not its label. */
import type { LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { baseLanguage, isUnspaced } from '../scripts.ts';

/** Positions of the choices whose text stands in the answer; a text inside another's occurrence does not count. */
export function choicesIn(
  answer: string,
  choices: readonly string[],
  language: LanguageTag,
): ReadonlySet<number> {
  const found = new Set<number>();
  const pattern = choicePattern(choices, language);
  if (pattern === null) return found;
  for (const match of normalize(answer, 'lenient', language).matchAll(pattern.expression)) {
    const index = pattern.positions.get(match[0]);
    if (index !== undefined) found.add(index);
    if (found.size === choices.length) break;
  }
  return found;
}

interface ChoicePattern {
  readonly expression: RegExp;
  readonly positions: ReadonlyMap<string, number>;
}

const patterns = new Map<string, ChoicePattern | null>();

function choicePattern(choices: readonly string[], language: LanguageTag): ChoicePattern | null {
  const key = JSON.stringify([language, choices]);
  let known = patterns.get(key);
  if (known === undefined) {
    if (patterns.size > 500) patterns.clear();
    known = compile(choices, language);
    patterns.set(key, known);
  }
  return known;
}

function compile(choices: readonly string[], language: LanguageTag): ChoicePattern | null {
  const positions = new Map<string, number>();
  for (const [index, choice] of choices.entries()) {
    const text = normalize(choice, 'lenient', language);
    // A text of signs alone has nothing to be found by.
    if (text !== '') positions.set(text, index);
  }
  const longestFirst = [...positions.keys()].toSorted((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return null;
  const alternatives = longestFirst.map(
    (text) =>
      `${edgeBefore(text, language)}${text.replaceAll(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`)}${edgeAfter(text, language)}`,
  );
  return { expression: new RegExp(alternatives.join('|'), 'gu'), positions };
}

/** In scripts without spaces a text may start anywhere, but not within a number or a Latin word. */
function edgeBefore(text: string, language: LanguageTag): string {
  if (/^\p{Nd}/u.test(text)) return String.raw`(?<!\p{Nd}[.,]?|-)`;
  if (!isUnspaced(language)) return String.raw`(?<![\p{L}\p{M}\p{N}])`;
  return /^\p{scx=Latn}/u.test(text) ? String.raw`(?<!\p{scx=Latn})` : '';
}

function edgeAfter(text: string, language: LanguageTag): string {
  if (/\p{Nd}$/u.test(text)) return String.raw`(?![.,]?\p{Nd})`;
  // Korean particles lean on the noun.
  if (baseLanguage(language) === 'ko') return String.raw`(?!\p{M})`;
  if (!isUnspaced(language)) return String.raw`(?![\p{L}\p{M}\p{N}])`;
  return /\p{scx=Latn}$/u.test(text) ? String.raw`(?!\p{scx=Latn})` : '';
}
