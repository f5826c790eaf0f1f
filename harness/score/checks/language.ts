import type { Check, CheckInput, JsonObject, Judgement, LanguageTag } from '../../types.ts';
import { baseLanguage, scriptsOf } from '../scripts.ts';
import { tokSignature, words } from '../words.ts';
import { answerProse } from './answer-prose.ts';
import { eldVersion } from './identify.ts';
import { francVersion } from './identify-rare.ts';
import { foreignWords } from './foreign-words.ts';
import { canIdentify } from './language-judges.ts';
import { judgeLineOfAny, type LineVerdict } from './language-line.ts';

const defaultMinLetters = 20;
const defaultLineWords = 5;
const maxForeignShown = 20;
/** Of one word: a run of 100,000 letters is no evidence of anything. */
const maxForeignChars = 40;

/** Which libraries decided, for signatures. */
export const identifierSignature = `lid:eld-${eldVersion}-small+franc-${francVersion}`;

/** The answer is in the language that was asked for, line by line. */
export const language: Check = {
  name: 'language',
  summary: '1 if every line that can be judged is in the expected language; between, the share of such lines',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      value: {
        oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
        description: 'BCP 47 tag, or several of which any will do. Default: the language of the question.',
      },
      min_letters: {
        type: 'integer',
        minimum: 1,
        description: 'Lines with fewer letters are too short to judge. Default 20.',
      },
      line_words: {
        type: 'integer',
        minimum: 1,
        description:
          'Lines with fewer words are not judged, unless there is no other: then the text is one line. Default 5.',
      },
      allow: { type: 'array', items: { type: 'string' }, description: 'Words that are not foreign here.' },
      foreign: {
        enum: ['report', 'fail'],
        description:
          'fail: a line with a foreign word does not match. For scripts other than Latin. Default report.',
      },
    },
  },
  threshold: 1,
  problem: (params, asked) => {
    const bad = expectedLanguages(params, asked).find((tag) => !isTag(tag));
    return bad === undefined ? null : `"${bad}" is no BCP 47 language tag`;
  },
  warnings: (params, asked) => {
    const unseen = expectedLanguages(params, asked).filter((tag) => !canIdentify(tag));
    const message = `nothing here can recognise ${unseen.map((tag) => `"${tag}"`).join(', ')}: answers in it will be not applicable`;
    return unseen.length === 0 ? [] : [{ parameter: 'value', message, hint: null }];
  },
  run: judgeLanguage,
};

async function judgeLanguage(input: CheckInput): Promise<Judgement> {
  const { params } = input;
  const expected = expectedLanguages(params, input.language);
  const minLetters = typeof params['min_letters'] === 'number' ? params['min_letters'] : defaultMinLetters;
  const lineWords = typeof params['line_words'] === 'number' ? params['line_words'] : defaultLineWords;
  const signature = [
    'language',
    identifierSignature,
    'gate:scx',
    `min:${minLetters}`,
    `line:${lineWords}`,
    ...(params['foreign'] === 'fail' ? ['foreign:fail'] : []),
    tokSignature,
  ].join('|');
  const prose = answerProse(input.text, input.prompt, input.finish);
  const lines = judgedLines(prose, expected[0] ?? input.language, lineWords);
  const found = expected.some((tag) => scriptsOf(tag).includes('Latn')) ? null : foreignOf(lines, input);
  const failing = params['foreign'] === 'fail' ? found : null;
  const verdicts: LineVerdict[] = [];
  for (const [index, line] of lines.entries()) {
    const verdict = await judgeLineOfAny(line, expected, minLetters);
    const spoilt = verdict.kind === 'match' && (failing?.[index]?.length ?? 0) > 0;
    verdicts.push(spoilt ? { kind: 'other', language: 'und-Latn' } : verdict);
  }
  return summarise(verdicts, {
    signature,
    expected,
    foreign: found === null ? null : [...new Set(found.flat())],
    identifiable: expected.some(canIdentify),
  });
}

function expectedLanguages(params: JsonObject, asked: LanguageTag): readonly LanguageTag[] {
  const value = params['value'];
  const list = Array.isArray(value) ? value : value === undefined ? [asked] : [value];
  return list.filter((tag) => typeof tag === 'string');
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Lines of enough words; when there is none, the whole text as one. */
function judgedLines(prose: string, tag: LanguageTag, lineWords: number): readonly string[] {
  const lines = prose.split(/\r\n|[\n\r\u0085\u2028\u2029]/u).filter((line) => line.trim() !== '');
  const long = lines.filter((line) => words(line, tag).length >= lineWords);
  return long.length > 0 ? long : [lines.join(' ')];
}

function foreignOf(lines: readonly string[], input: CheckInput): readonly (readonly string[])[] {
  const allow = input.params['allow'];
  const known = Array.isArray(allow) ? allow.filter((word) => typeof word === 'string') : [];
  return foreignWords(lines, input.prompt, known);
}

interface Findings {
  readonly signature: string;
  readonly expected: readonly LanguageTag[];
  readonly foreign: readonly string[] | null;
  readonly identifiable: boolean;
}

function summarise(verdicts: readonly LineVerdict[], findings: Findings): Judgement {
  const count = (kind: LineVerdict['kind']): number =>
    verdicts.filter((verdict) => verdict.kind === kind).length;
  const others = new Map<string, number>();
  for (const verdict of verdicts) {
    if (verdict.kind === 'other') others.set(verdict.language, (others.get(verdict.language) ?? 0) + 1);
  }
  const ranked = [...others].toSorted((a, b) => b[1] - a[1]);
  const lines = {
    match: count('match'),
    other: count('other'),
    unknown: count('unknown'),
    too_short: count('too_short'),
  };
  const decided = lines.match + lines.other;
  const evidence: JsonObject = {
    signature: findings.signature,
    expected: [...findings.expected],
    lines,
    others: Object.fromEntries(ranked),
    ...(findings.foreign === null
      ? {}
      : {
          foreign: {
            count: findings.foreign.length,
            words: findings.foreign.slice(0, maxForeignShown).map((word) => word.slice(0, maxForeignChars)),
          },
        }),
  };
  const wanted = findings.expected.map(baseLanguage).join(' or ');
  if (decided === 0) {
    const outcome = lines.unknown > 0 ? 'unknown' : 'too_short';
    const why = findings.identifiable
      ? 'the language cannot be told'
      : `nothing here can recognise ${wanted}`;
    const because = outcome === 'too_short' ? 'too few letters to tell the language' : why;
    return { status: 'unscored', why: 'not-applicable', because, details: { ...evidence, outcome } };
  }
  const score = lines.match / decided;
  const [first] = ranked[0] ?? [''];
  const outcome = score === 1 ? 'match' : score === 0 ? `other:${first}` : 'mixed';
  const named = ranked.map(([tag]) => tag).join(', ');
  const because =
    score === 1
      ? `${decided === 1 ? 'the judged line is' : `all ${decided} judged lines are`} ${wanted}`
      : `${decided === 1 ? 'the judged line is' : `${lines.other} of ${decided} judged lines ${lines.other === 1 ? 'is' : 'are'}`} not ${wanted}: ${named}`;
  return { status: 'scored', score, because, details: { ...evidence, outcome, share: score } };
}
