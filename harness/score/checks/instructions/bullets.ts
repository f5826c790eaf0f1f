/** Lines that are items of a list. */
import { isSpaceAt } from './python.ts';

/**
 * Matches of `^\s*\*[^\*].*$` and of `^\s*-.*$`, added up. White space may run over line ends, and what follows the
 * asterisk may be one: both are copied. Walked by hand, as the expressions start over at every blank line.
 */
export function ifevalBullets(answer: string): number {
  return countItems(answer, '*', true) + countItems(answer, '-', false);
}

/** `alone`: another character must follow the mark, and be no such mark. */
function countItems(answer: string, mark: string, alone: boolean): number {
  let found = 0;
  let at = 0;
  while (at < answer.length) {
    while (isSpaceAt(answer, at)) at++;
    let matched = 0;
    if (answer.charAt(at) === mark) {
      const next = answer.charAt(at + 1);
      matched = !alone ? 1 : next === '' || next === mark ? 0 : 2;
    }
    if (matched > 0) found++;
    const end = answer.indexOf('\n', at + matched);
    if (end === -1) break;
    at = end + 1;
  }
  return found;
}

/** A mark of any script, then something else than the same mark; after a plus, which also signs numbers, a space. */
const item = /^\s*(?:([*•・‣·-])(?!\1)|\+\s)/u;
/** Three marks and nothing else draw a line across the page: `---`, `* * *`. */
const divider = /^\s*([*-])(?:[ \t]*\1){2,}\s*$/u;

/** Items by the marks that lists begin with in any language. */
export function visavisBullets(answer: string): number {
  return answer.split('\n').filter((line) => item.test(line) && !divider.test(line)).length;
}
