/** Words as their readers count them. */
import type { LanguageTag } from '../../../types.ts';
import { isUnspaced, scriptsOf } from '../../scripts.ts';
import { words } from '../../words.ts';

/** Letters of Chinese and Japanese; the half-width voicing marks belong to the kana before them. */
const character = /(?![\uFF9E\uFF9F])(?=[\p{L}\p{N}])(?:\p{scx=Han}|\p{scx=Hira}|\p{scx=Kana})/gu;
const halfWidthVoicing = /[\uFF9E\uFF9F]/gu;

/** ICU's words; in Chinese and Japanese each Han letter and each kana is one, and each word in other letters. */
export function countWords(text: string, language: LanguageTag): number {
  if (!isUnspaced(language) || !scriptsOf(language).includes('Hani')) return words(text, language).length;
  let characters = 0;
  const others = text.replaceAll(halfWidthVoicing, '').replaceAll(character, () => {
    characters++;
    return ' ';
  });
  return characters + words(others, language).length;
}
