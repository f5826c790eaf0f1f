/** `punctuation:*`: an answer without commas. */
import { kind, ruling, type Kind, type Ruling } from './kind.ts';

/**
 * Commas of every script: Latin, Arabic, full-width, ideographic, half-width, Ethiopic, Armenian; N'Ko, Mongolian, Lisu,
 * Vai, Bamum; small, vertical, turned, raised, reversed and medieval ones.
 */
const comma = /[,،，、､፣՝߸᠂᠈꓾꘍꛵﹐﹑︐︑⸲⸴⹁⹌]/u;

const absent = (found: string | undefined): Ruling =>
  ruling(found === undefined, found === undefined ? 'no comma' : `has the comma ${found}`);

const noComma = kind({
  id: 'punctuation:no_comma',
  takes: {},
  ifeval: (_, answer) => absent(answer.text.includes(',') ? ',' : undefined),
  visavis: (_, answer) => absent(comma.exec(answer.text)?.[0]),
});

export const punctuation: readonly Kind[] = [noComma];
