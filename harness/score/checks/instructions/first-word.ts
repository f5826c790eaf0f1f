/** The paragraph of a number, and whether it begins with a word. */
import type { LanguageTag } from '../../../types.ts';
import { quoted } from '../contains.ts';
import { isUnspaced } from '../../scripts.ts';
import { words } from '../../words.ts';
import { foldText } from './answer.ts';
import { ruling, type Ruling } from './kind.ts';
import { firstToken, strip } from './python.ts';

export interface WantedStart {
  /** Paragraphs in all. */
  readonly wanted: number;
  /** Counted from 1. */
  readonly nth: number;
  readonly word: string;
}

const cutAt = /[.,?!'"]/u;

/** As IFEval's code: the count is of paragraphs with something in them, the place among all of them. */
export function ifevalFirstWord({ wanted, nth, word }: WantedStart, answer: string): Ruling {
  const parts = answer.split('\n\n');
  const filled = parts.filter((part) => strip(part) !== '').length;
  if (nth > filled) return ruling(false, `${filled} paragraphs, wanted ${wanted}`);
  const token = firstToken(parts[nth - 1] ?? '')
    .replace(/^'+/u, '')
    .replace(/^"+/u, '');
  const first = (token.split(cutAt, 1)[0] ?? '').toLowerCase();
  const found = first === word.toLowerCase() && token !== '';
  return judged({ filled, wanted, nth, first, found });
}

/** Paragraphs stand between blank lines; marks before the first word are no part of it. */
export function visavisFirstWord(
  { wanted, nth, word }: WantedStart,
  answer: string,
  language: LanguageTag,
): Ruling {
  const parts = paragraphsOf(answer);
  const paragraph = parts[nth - 1];
  if (paragraph === undefined) return ruling(false, `${parts.length} paragraphs, wanted ${wanted}`);
  const start = foldText(paragraph.slice(0, 8 * word.length + 200), language).replace(/^[^\p{L}\p{N}]+/u, '');
  const sought = foldText(word, language);
  const found = isUnspaced(language) ? start.startsWith(sought) : beginsWithWords(start, sought, language);
  const first = words(start, language)[0] ?? '';
  return judged({ filled: parts.length, wanted, nth, first, found });
}

function paragraphsOf(answer: string): readonly string[] {
  const parts: string[][] = [];
  let open = false;
  for (const line of answer.split('\n')) {
    const filled = line.trim() !== '';
    if (filled && open) parts.at(-1)?.push(line);
    else if (filled) parts.push([line]);
    open = filled;
  }
  return parts.map((lines) => lines.join('\n'));
}

const apostrophe = /['’]/u;

/** ICU's first words are those sought. İstanbul'da begins with the word İstanbul: what follows the apostrophe is an ending. */
function beginsWithWords(start: string, sought: string, language: LanguageTag): boolean {
  const wanted = words(sought, language);
  const found = words(start, language).slice(0, wanted.length);
  const last = found.at(-1)?.split(apostrophe, 1)[0] ?? '';
  return (
    wanted.length > 0 &&
    wanted.every((one, at) => found[at] === one || (at === wanted.length - 1 && last === one))
  );
}

interface Start {
  readonly filled: number;
  readonly wanted: number;
  readonly nth: number;
  readonly first: string;
  readonly found: boolean;
}

function judged({ filled, wanted, nth, first, found }: Start): Ruling {
  if (filled !== wanted) return ruling(false, `${filled} paragraphs, wanted ${wanted}`);
  return ruling(found, `paragraph ${nth} begins with ${quoted(first)}`);
}
