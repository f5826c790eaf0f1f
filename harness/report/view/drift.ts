/** Line and word pass rates, and to which language each target drifts. */
import type { LanguageEvidence, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { metricName } from './blocks.ts';
import { type Figure, shareFigure } from './figure.ts';

export interface DriftCell {
  readonly lines: Figure;
  /** null where the language is written in Latin letters. */
  readonly words: Figure | null;
  /** `English 4, French 1`: answers; empty without any. */
  readonly drift: string;
}

export interface DriftRow {
  readonly name: string;
  /** null = all languages. */
  readonly language: LanguageName | null;
  /** One per target; null where nothing was planned. */
  readonly cells: readonly (DriftCell | null)[];
}

/** Rows over all languages, or those of single languages, in the order of the summary. */
export function driftRows(summary: Summary, overall: boolean): DriftRow[] {
  const rows = summary.evidence.languages.filter(({ language }) => (language === null) === overall);
  const keys = [...new Set(rows.map(keyOf))];
  return keys.flatMap((key) => {
    const own = rows.filter((row) => keyOf(row) === key);
    const [first] = own;
    if (first === undefined) return [];
    const cells = summary.targets.map(({ id }) => {
      const row = own.find(({ target }) => target === id);
      return row === undefined ? null : cellOf(row);
    });
    const language = first.language === null ? null : languageName(first.language);
    return [{ name: metricName(first), language, cells }];
  });
}

function keyOf({ suite, metric, language }: LanguageEvidence): string {
  return JSON.stringify([suite, metric, language]);
}

function cellOf({ linePass, wordPass, drift }: LanguageEvidence): DriftCell {
  return {
    lines: shareFigure(linePass),
    words: wordPass === null ? null : shareFigure(wordPass),
    drift: drift.map(({ language, answers }) => `${driftName(language)} ${answers}`).join(', '),
  };
}

/** `und-Latn` is a script without a language. */
function driftName(tag: string): string {
  return tag.startsWith('und-') ? `unknown in ${scriptName(tag.slice(4))}` : languageName(tag).english;
}

function scriptName(code: string): string {
  try {
    return `${new Intl.DisplayNames(['en'], { type: 'script', fallback: 'code' }).of(code) ?? code} letters`;
  } catch {
    return `${code} letters`;
  }
}
