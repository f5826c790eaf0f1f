/**
 * The part of an answer that shows its language: without code, addresses, formulas, markup and what it copied from the
 * prompt; of JSON the string values. Lines stay lines.
 */
import { normalize } from '../normalize.ts';
import { codeFences } from './code-fence.ts';
import { extractJson, JsonLimitError, stringValues } from './json-extract.ts';

/** Characters in a row that make a copy: shorter ones happen by chance. */
const copiedRun = 20;

/** What is left to judge, in NFC. */
export function answerProse(answer: string, prompt: string, finish: string | null): string {
  const text = withoutCode(jsonStrings(normalize(answer, ['strip-think', 'nfc'], 'und'), finish));
  return withoutCopies(text, prompt.normalize('NFC'));
}

/** A name of an object's member and its colon: what is left of JSON that cannot be read is judged without them. */
const memberName = /([{,]\s{0,40})"(?:[^"\\\n]|\\.){1,200}"\s{0,9}:/gu;

/** A JSON answer's string values, a line each, with the prose around it; any other answer as it is. */
function jsonStrings(text: string, finish: string | null): string {
  if (!/[{["]/u.test(text)) return text;
  try {
    const { stage, value, prose } = extractJson(text, { finish, objectsOnly: true });
    if (value === undefined || stage === 'repaired') return text.replaceAll(memberName, '$1');
    return [prose, ...stringValues(value)].join('\n');
  } catch (error) {
    if (error instanceof JsonLimitError) return text;
    throw error;
  }
}

/** Every pattern starts at one place per run or looks a bounded way ahead: answers may be hostile. */
const dropped: readonly RegExp[] = [
  // Code spans.
  /(?<!`)(`+)(?!`)[^`\n]+\1/gu,
  // LaTeX: environments, displays, inline formulas, commands.
  /\\begin\{(equation|align|gather|multline|eqnarray|cases|array|[bpv]?matrix)(\*?)\}[\s\S]{0,2000}?\\end\{\1\2\}/gu,
  /\$\$[\s\S]{0,1000}?\$\$|\\\[[\s\S]{0,1000}?\\\]|\\\([\s\S]{0,500}?\\\)/gu,
  /\$(?=[^\s$])[^$\n]{0,200}?[^\s$]\$(?!\p{Nd})/gu,
  /\\[A-Za-z]{1,40}/gu,
  // Addresses of all kinds.
  /(?<![A-Za-z\d+.-])(?:[a-z][a-z\d+.-]{1,10}:\/\/|www\.)[^\s<>"'）)\]，。、]+/giu,
  /(?<![A-Za-z\d._%+-])[A-Za-z\d._%+-]{1,64}@[A-Za-z\d-]{1,63}(?:\.[A-Za-z\d-]{1,63})+/gu,
  // HTML tags, image targets and link targets.
  /<\/?[A-Za-z][^<>\n]{0,200}>/gu,
  /(?<=\])\([^()\s]{1,500}\)/gu,
  // Marks at the start of a line, emphasis, table bars.
  /^[ \t]*(?:#{1,6}|>+|[-*+•·]|\p{Nd}{1,3}[.)、．])(?=[ \t])/gmu,
  /\*{1,3}|_{2,3}|~~|\|/gu,
];

function withoutCode(text: string): string {
  let prose = '';
  let at = 0;
  for (const { start, end } of codeFences(text)) {
    prose += `${text.slice(at, start)}\n`;
    at = end;
  }
  return dropped.reduce((rest, pattern) => rest.replace(pattern, ' '), prose + text.slice(at));
}

/** Blanks every stretch of 20 characters (code points) or more that also stands in the prompt; line ends stay. */
export function withoutCopies(text: string, prompt: string): string {
  if (prompt.length < copiedRun || text.length < copiedRun) return text;
  // The answer's runs are kept, not the prompt's: a prompt may be a book.
  const runs = new Set<string>();
  for (let at = 0; at + copiedRun <= text.length; at++) runs.add(text.slice(at, at + copiedRun));
  const copied = new Set<string>();
  for (let at = 0; at + copiedRun <= prompt.length; at++) {
    const run = prompt.slice(at, at + copiedRun);
    if (runs.has(run)) copied.add(run);
  }
  if (copied.size === 0) return text;
  let kept = '';
  let keptTo = 0;
  for (let at = 0; at + copiedRun <= text.length; at++) {
    if (!copied.has(text.slice(at, at + copiedRun))) continue;
    let end = at + copiedRun;
    for (let next = at + 1; next < end; next++)
      if (copied.has(text.slice(next, next + copiedRun))) end = next + copiedRun;
    const stretch = text.slice(at, end);
    // Letters beyond U+FFFF are two units each.
    const isLong = Array.from(stretch).length >= copiedRun;
    kept += text.slice(keptTo, at) + (isLong ? ` ${stretch.replaceAll(/[^\n]/gu, '')} ` : stretch);
    keptTo = end;
    at = end - 1;
  }
  // A stretch may end inside a surrogate pair.
  return (kept + text.slice(keptTo)).replaceAll(/\p{Surrogate}/gu, ' ');
}
