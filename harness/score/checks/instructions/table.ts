/** Every kind of instruction, under IFEval's names. */
import { changeCase } from './change-case.ts';
import { combination } from './combination.ts';
import { content } from './content.ts';
import { format } from './format.ts';
import { keywords } from './keywords.ts';
import type { Kind } from './kind.ts';
import { length } from './length.ts';
import { punctuation } from './punctuation.ts';
import { responseLanguage } from './response-language.ts';
import { startEnd } from './start-end.ts';

const all: readonly Kind[] = [
  ...keywords,
  ...responseLanguage,
  ...length,
  ...content,
  ...format,
  ...combination,
  ...changeCase,
  ...startEnd,
  ...punctuation,
];

export const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.id, kind]));

/** Names of all kinds: a family, a colon, a kind. */
export const kindIds: readonly string[] = [...kinds.keys()];
