/** The answer as the rules of an instruction look at it, and its loose variants. */
import type { CheckInput, LanguageTag } from '../../../types.ts';
import { joinsCompounds } from '../../fold.ts';
import { normalize, stepNames } from '../../normalize.ts';
import { strip } from './python.ts';

export type Rules = 'visavis' | 'ifeval';
export type Mode = 'strict' | 'loose';

export interface Answer {
  /** NFC, without reasoning. Under `visavis` also without invisible characters, and every line end is a line feed. */
  readonly text: string;
  readonly language: LanguageTag;
  /** For an instruction that asks another check. */
  readonly input: CheckInput;
  /** `text` as `foldText` makes it; made once. */
  readonly folded: () => string;
  /** The same with its white space as it was: lines can be told. */
  readonly foldedLines: () => readonly string[];
}

/** All that `lenient` does but for punctuation: a phrase is told by its marks too. */
const foldSteps = stepNames.filter((step) => step !== 'punct');
const foldStepsOfLines = foldSteps.filter((step) => step !== 'space');
const foreignLineEnd = /\r\n|[\r\u0085\u2028\u2029]/gu;

/** Spelling, case, digits and quotation marks of one form. */
export function foldText(text: string, language: LanguageTag): string {
  return normalize(text, foldSteps, language);
}

/** For phrases that stand at an end of the answer: where compounds may be joined or spaced, space tells nothing apart. */
export function foldPhrase(folded: string, language: LanguageTag): string {
  return joinsCompounds(language) ? folded.replaceAll(' ', '') : folded;
}

interface Variant {
  /** Ends a sentence: "without the first line". */
  readonly name: string;
  readonly answer: Answer;
}

/** The answer, and in loose mode the seven forms of it that IFEval forgives; each text once. */
export function variants(input: CheckInput, rules: Rules, mode: Mode): readonly Variant[] {
  const whole =
    rules === 'visavis'
      ? normalize(input.text, 'strict', input.language).replaceAll(foreignLineEnd, '\n')
      : normalize(input.text, ['strip-think', 'nfc'], input.language);
  const texts = new Map([[whole, '']]);
  if (mode === 'loose') {
    const lines = whole.split('\n');
    const cut: readonly (readonly [text: string, name: string])[] = [
      [whole, ''],
      [strip(lines.slice(1).join('\n')), 'without the first line'],
      [strip(lines.slice(0, -1).join('\n')), 'without the last line'],
      [strip(lines.slice(1, -1).join('\n')), 'without the first and the last line'],
    ];
    for (const [text, name] of cut) if (!texts.has(text)) texts.set(text, name);
    for (const [text, name] of cut) {
      const plain = text.replaceAll('*', '');
      if (!texts.has(plain))
        texts.set(plain, name === '' ? 'without asterisks' : `${name}, without asterisks`);
    }
  }
  return Array.from(texts, ([text, name]) => ({ name, answer: openAnswer(text, input) }));
}

function openAnswer(text: string, input: CheckInput): Answer {
  let folded: string | undefined;
  let lines: readonly string[] | undefined;
  return {
    text,
    language: input.language,
    input,
    folded: () => (folded ??= foldText(text, input.language)),
    foldedLines: () => (lines ??= normalize(text, foldStepsOfLines, input.language).split('\n')),
  };
}
