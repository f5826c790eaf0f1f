/** `detectable_format:*`: bullets, highlights, sections, a title, a fixed answer, JSON. */
import { extractJson, acceptsStage } from '../json-extract.ts';
import { notAccepted } from '../json-judge.ts';
import { baseLanguage } from '../../scripts.ts';
import { foldText } from './answer.ts';
import { count, optional, text, texts } from './arguments.ts';
import { ifevalBullets, visavisBullets } from './bullets.ts';
import type { Expression } from './expression.ts';
import { atLeast, exactly, kind, ruling, unsupported, type Kind, type Ruling } from './kind.ts';
import { strip, stripCharacter } from './python.ts';
import { ifevalSections, visavisSections } from './sections.ts';

const bullets = kind({
  id: 'detectable_format:number_bullet_lists',
  takes: { num_bullets: count },
  ifeval: ({ num_bullets: wanted }, answer) => exactly(ifevalBullets(answer.text), wanted, 'bullet points'),
  visavis: ({ num_bullets: wanted }, answer) => exactly(visavisBullets(answer.text), wanted, 'bullet points'),
});

const single = /\*[^\n*]*\*/gu;
const double = /\*\*[^\n*]*\*\*/gu;

function countHighlights(answer: string): number {
  const filled = (found: string): boolean => strip(stripCharacter(found, '*')) !== '';
  return (
    (answer.match(single) ?? []).filter(filled).length + (answer.match(double) ?? []).filter(filled).length
  );
}

const highlights = kind({
  id: 'detectable_format:number_highlighted_sections',
  takes: { num_highlights: count },
  ifeval: ({ num_highlights: wanted }, answer) =>
    atLeast(countHighlights(answer.text), wanted, 'highlighted sections'),
});

function judgeSections(made: Expression | string, wanted: number, answer: string): Ruling {
  if (typeof made === 'string') throw new Error(made);
  return atLeast(made.count(answer, wanted + 1), wanted, 'sections');
}

const sections = kind({
  id: 'detectable_format:multiple_sections',
  takes: { section_spliter: text, num_sections: count },
  problem: ({ section_spliter: splitter }, _language, rules) => {
    const made = rules === 'ifeval' ? ifevalSections(splitter) : visavisSections(splitter);
    return typeof made === 'string'
      ? `the argument "section_spliter" is ${JSON.stringify(splitter)}: ${made}`
      : null;
  },
  ifeval: ({ section_spliter: splitter, num_sections: wanted }, answer) =>
    judgeSections(ifevalSections(splitter), wanted, answer.text),
  visavis: ({ section_spliter: splitter, num_sections: wanted }, answer) =>
    judgeSections(visavisSections(splitter), wanted, answer.text),
});

/** The marks around a title that has something in it, from the first opening to the last closing mark of a line. */
function hasTitle(answer: string, opening: string, closing: string): boolean {
  return answer.split('\n').some((line) => {
    const start = line.indexOf(opening);
    const end = line.lastIndexOf(closing);
    if (start === -1 || end <= start + opening.length) return false;
    return strip(withoutMarks(line.slice(start, end), opening.charAt(0), closing.charAt(0))) !== '';
  });
}

function withoutMarks(title: string, opening: string, closing: string): string {
  let start = 0;
  let end = title.length;
  while (start < end && title.charAt(start) === opening) start++;
  while (end > start && title.charAt(end - 1) === closing) end--;
  return title.slice(start, end);
}

const titled = (found: boolean): Ruling =>
  ruling(found, found ? 'has a title' : 'no title between its marks');

const title = kind({
  id: 'detectable_format:title',
  takes: {},
  ifeval: (_, answer) => titled(hasTitle(answer.text, '<<', '>>')),
  visavis: (_, answer) => titled(hasTitle(answer.text, '<<', '>>') || hasTitle(answer.text, '《', '》')),
});

const english: readonly string[] = ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'];

const fixed = (found: boolean): Ruling =>
  ruling(found, found ? 'has one of the fixed answers' : 'none of the fixed answers');

const constrained = kind({
  id: 'detectable_format:constrained_response',
  takes: { options: optional(texts) },
  problem: ({ options }, language, rules) => {
    if (options === null)
      return rules === 'visavis' && baseLanguage(language) !== 'en'
        ? `the argument "options" is missing: the fixed answers are known in English only, not in ${language}`
        : null;
    if (rules === 'ifeval')
      return 'there is no argument "options" under ifeval: its fixed answers are three English ones';
    const empty = options.find((option) => foldText(option, language) === '');
    return empty === undefined ? null : `nothing is left of the option ${JSON.stringify(empty)}`;
  },
  ifeval: (_, answer) => fixed(english.some((option) => answer.text.includes(option))),
  visavis: ({ options }, answer) => {
    if (options === null && baseLanguage(answer.language) !== 'en')
      return unsupported(`the fixed answers are not known in ${answer.language}`);
    const folded = answer.folded();
    return fixed((options ?? english).some((option) => folded.includes(foldText(option, answer.language))));
  },
});

const fenceStarts = ['```json', '```Json', '```JSON', '```'];

/** Without a fence at either end, as IFEval cuts it off: one spelling after the other. */
function unfenced(answer: string): string {
  let rest = strip(answer);
  for (const start of fenceStarts) if (rest.startsWith(start)) rest = rest.slice(start.length);
  if (rest.endsWith('```')) rest = rest.slice(0, -3);
  return strip(rest);
}

/** A string, which may stop at the end of the text, or a number that Python's parser takes and JSON has not. */
const stringOrNoNumber = /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|-?Infinity|NaN/gu;

/** Whether `json.loads` reads it: NaN and the infinities pass, invisible characters around it do not. */
function pythonReads(source: string): boolean {
  if (/^[\uFEFF\u200B]|[\uFEFF\u200B]$/u.test(source)) return false;
  const numbers = source.replaceAll(stringOrNoNumber, (found) => (found.startsWith('"') ? found : ' 0 '));
  return extractJson(numbers).stage === 'strict';
}

const json = kind({
  id: 'detectable_format:json_format',
  takes: {},
  ifeval: (_, answer) => {
    const followed = pythonReads(unfenced(answer.text));
    return ruling(followed, followed ? 'JSON' : 'no JSON by itself');
  },
  visavis: (_, answer) => {
    const read = extractJson(answer.text, { finish: answer.input.finish });
    const followed = acceptsStage('fenced', read.stage);
    return ruling(followed, followed ? `JSON (${read.stage})` : notAccepted(read, 'fenced'));
  },
});

export const format: readonly Kind[] = [bullets, highlights, sections, title, constrained, json];
