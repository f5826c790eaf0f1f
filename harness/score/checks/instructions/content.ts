/** `detectable_content:*`: placeholders and a postscript. */
import { isUnspaced } from '../../scripts.ts';
import { foldText } from './answer.ts';
import { count, text } from './arguments.ts';
import { expression } from './expression.ts';
import { atLeast, kind, ruling, type Kind, type Ruling } from './kind.ts';
import { spaceClass } from './python.ts';

type Bracket = readonly [opening: string, closing: string];
const ascii: readonly Bracket[] = [['[', ']']];
const anyWidth: readonly Bracket[] = [...ascii, ['［', '］'], ['【', '】']];

/** `\[.*?\]` without overlap, line by line: the expression would look for the end of each unclosed bracket again. */
function countBracketed(answer: string, brackets: readonly Bracket[]): number {
  let found = 0;
  for (const line of answer.split('\n')) {
    for (const [opening, closing] of brackets) {
      let start = line.indexOf(opening);
      while (start !== -1) {
        const end = line.indexOf(closing, start + 1);
        if (end === -1) break;
        found++;
        start = line.indexOf(opening, end + 1);
      }
    }
  }
  return found;
}

const placeholders = kind({
  id: 'detectable_content:number_placeholders',
  takes: { num_placeholders: count },
  ifeval: ({ num_placeholders: wanted }, answer) =>
    atLeast(countBracketed(answer.text, ascii), wanted, 'placeholders in brackets'),
  visavis: ({ num_placeholders: wanted }, answer) =>
    atLeast(countBracketed(answer.text, anyWidth), wanted, 'placeholders in brackets'),
});

/** The two markers that IFEval spells out, in lower case. */
const spelled: Readonly<Record<string, string>> = {
  'P.S.': `p\\.[${spaceClass}]?s\\.`,
  'P.P.S': `p\\.[${spaceClass}]?p\\.[${spaceClass}]?s`,
};

const markerExpression = (marker: string): ReturnType<typeof expression> =>
  expression(spelled[marker] ?? marker.toLowerCase(), { ignoreCase: false });

/** Marks of lists, headings, emphasis and quotation before the first word of a line. */
const lead = /^[\s*_#>~"'“”„«»「」『』()[\]-]+/u;
const wordPart = /^[\p{L}\p{M}\p{N}]/u;
const blank = /^\s$/u;

/** Whether a line begins with a marker, white space aside: `P. S.` is `P.S.`, and PSYCHOLOGY is no PS. */
function beginsWith(line: string, marker: string, edge: boolean): boolean {
  let at = 0;
  let last = '';
  for (const wanted of marker) {
    if (blank.test(wanted)) continue;
    while (blank.test(line.charAt(at))) at++;
    if (!line.startsWith(wanted, at)) return false;
    last = wanted;
    at += wanted.length;
  }
  return !edge || !wordPart.test(last) || !wordPart.test(line.slice(at, at + 2));
}

const has = (found: boolean): Ruling => ruling(found, found ? 'has the postscript' : 'no postscript');

const postscript = kind({
  id: 'detectable_content:postscript',
  takes: { postscript_marker: text },
  problem: ({ postscript_marker: marker }, language, rules) => {
    if (rules === 'visavis')
      return foldText(marker, language) === ''
        ? `nothing is left of the marker ${JSON.stringify(marker)}`
        : null;
    const made = markerExpression(marker);
    return typeof made === 'string' ? `the marker, a pattern under ifeval: ${made}` : null;
  },
  ifeval: ({ postscript_marker: marker }, answer) => {
    const made = markerExpression(marker);
    if (typeof made === 'string') throw new Error(made);
    return has(made.found(answer.text.toLowerCase()));
  },
  visavis: ({ postscript_marker: marker }, answer) => {
    const wanted = foldText(marker, answer.language);
    const edge = !isUnspaced(answer.language);
    return has(answer.foldedLines().some((line) => beginsWith(line.replace(lead, ''), wanted, edge)));
  },
});

export const content: readonly Kind[] = [placeholders, postscript];
