/** Corpus figures as lines of a table, targets as columns; one line per language and definition. */
import type { CorpusRow, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { amountFigure, type Figure } from './figure.ts';

export interface CorpusLine {
  readonly suite: string;
  readonly metric: string;
  readonly language: LanguageName;
  readonly signature: string;
  readonly figures: readonly Figure[];
}

export function corpusLines({ corpus, targets }: Summary): CorpusLine[] {
  const lines = new Map<string, CorpusRow[]>();
  for (const row of corpus) {
    const key = JSON.stringify([row.suite, row.metric, row.language, row.signature]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [row]);
    else line.push(row);
  }
  return [...lines.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const { suite, metric, language, signature, score } = first;
    const none = { ...score, value: null, low: null, high: null, n: 0, missing: 0 };
    const figures = targets.map(({ id }) =>
      amountFigure(rows.find((row) => row.target === id)?.score ?? none),
    );
    return [{ suite, metric, language: languageName(language), signature, figures }];
  });
}
