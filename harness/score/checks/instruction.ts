import type { Check, CheckInput, Json, JsonObject, Judgement } from '../../types.ts';
import { didYouMean } from '../nearest.ts';
import { baseLanguage } from '../scripts.ts';
import { icuVersion } from '../words.ts';
import { variants, type Mode, type Rules } from './instructions/answer.ts';
import type { Kind, Ruling } from './instructions/kind.ts';
import { strip } from './instructions/python.ts';
import { kindIds, kinds } from './instructions/table.ts';
import { JsonLimitError } from './json-extract.ts';
import { identifierSignature } from './language.ts';

const maxInstructions = 50;

/** Verifiable instructions: what a program can tell of an answer without knowing what is right. */
export const instruction: Check = {
  name: 'instruction',
  summary:
    'Score: the share of the instructions that are followed, of those that can be told in the language',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        type: 'array',
        minItems: 1,
        maxItems: maxInstructions,
        items: {
          type: 'object',
          required: ['id'],
          additionalProperties: false,
          properties: {
            id: {
              type: 'string',
              examples: [...kindIds],
              description: 'Its name in IFEval, without a language.',
            },
            arguments: { type: 'object', description: 'Its arguments by their names in IFEval.' },
          },
        },
        description: 'The instructions: a list of { id, arguments }, named as in IFEval.',
      },
      rules: {
        enum: ['visavis', 'ifeval'],
        description:
          'visavis: decided by Unicode, in any language. ifeval: as IFEval’s code, English. Default visavis.',
      },
      mode: {
        enum: ['strict', 'loose'],
        description:
          'loose: followed too if the answer without its first line, its last line, both, or asterisks follows. Default strict.',
      },
    },
  },
  threshold: 1,
  problem: (params, language) => {
    const rules = rulesOf(params);
    if (rules === 'ifeval' && baseLanguage(language) !== 'en')
      return `the rules of ifeval are English: write rules: visavis in ${language}`;
    for (const [index, entry] of entriesOf(params).entries()) {
      const fault = entryProblem(entry, language, rules);
      if (fault !== null) return `instruction ${index + 1}${fault}`;
    }
    return null;
  },
  run: judgeInstructions,
};

const rulesOf = (params: JsonObject): Rules => (params['rules'] === 'ifeval' ? 'ifeval' : 'visavis');
const modeOf = (params: JsonObject): Mode => (params['mode'] === 'loose' ? 'loose' : 'strict');

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function entriesOf(params: JsonObject): readonly JsonObject[] {
  const value = params['value'];
  return Array.isArray(value) ? value.filter((one: Json) => isObject(one)) : [];
}

const idOf = (entry: JsonObject): string => (typeof entry['id'] === 'string' ? entry['id'] : '');
const argumentsOf = (entry: JsonObject): JsonObject =>
  isObject(entry['arguments']) ? entry['arguments'] : {};

/** Continues "instruction 2". */
function entryProblem(entry: JsonObject, language: string, rules: Rules): string | null {
  const stray = Object.keys(entry).find((key) => key !== 'id' && key !== 'arguments');
  if (stray !== undefined)
    return `: there is no key "${stray}": ${didYouMean(stray, ['id', 'arguments']) ?? 'known: id, arguments'}`;
  const id = idOf(entry);
  const known = kinds.get(id);
  if (known === undefined)
    return `: there is no instruction ${JSON.stringify(id.slice(0, 80))}: ${suggestion(id)}`;
  const fault = known.problem(argumentsOf(entry), language, rules);
  return fault === null ? null : ` (${id}): ${fault}`;
}

/** The nearest name; a name without its family, or behind a language, is near too. */
function suggestion(id: string): string {
  const bare = id.slice(id.lastIndexOf(':') + 1);
  const whole = kindIds.find(
    (known) => known === id.replace(/^[a-z]{2,3}:/u, '') || known.endsWith(`:${bare}`),
  );
  if (whole !== undefined) return `did you mean "${whole}"?`;
  return didYouMean(id, kindIds) ?? `known: ${kindIds.join(', ')}`;
}

interface Judged extends Ruling {
  readonly id: string;
}

async function judgeInstructions(input: CheckInput): Promise<Judgement> {
  const rules = rulesOf(input.params);
  const mode = modeOf(input.params);
  const asked = entriesOf(input.params).map((entry) => {
    const known = kinds.get(idOf(entry));
    if (known === undefined) throw new Error(`there is no instruction "${idOf(entry).slice(0, 80)}"`);
    return { known, given: argumentsOf(entry) };
  });
  const signature = [
    'instruction',
    `rules:${rules}`,
    `mode:${mode}`,
    `icu:${icuVersion}`,
    ...(asked.some(({ known }) => known.identifiesLanguage(rules)) ? [identifierSignature] : []),
  ].join('|');
  const looks = variants(input, rules, mode);
  const judged: Judged[] = [];
  try {
    for (const { known, given } of asked) {
      // One after the other: each may want the same form of the answer, which is made once.
      judged.push({ id: known.id, ...(await judgeOne(known, given, looks, rules)) });
    }
  } catch (error) {
    // Too large or too slow to look at: nobody judged it, so it is not wrong.
    if (!(error instanceof JsonLimitError || error instanceof RangeError)) throw error;
    return { status: 'unscored', why: 'check-error', because: error.message, details: { signature } };
  }
  return summarise(judged, signature, input.language);
}

/** Followed if any look at the answer follows; else what the whole answer says. */
async function judgeOne(
  known: Kind,
  given: JsonObject,
  looks: ReturnType<typeof variants>,
  rules: Rules,
): Promise<Ruling> {
  let whole: Ruling | null = null;
  for (const { name, answer } of looks) {
    const empty = strip(answer.text) === '';
    if (empty && whole !== null) continue;
    const judged = await known.judge(given, answer, rules);
    if (judged.followed === true && !empty)
      return name === '' ? judged : { followed: true, why: `${judged.why}, ${name}` };
    whole ??=
      empty && judged.followed !== 'unsupported' ? { followed: false, why: 'the answer is empty' } : judged;
  }
  if (whole === null) throw new Error('no form of the answer was judged');
  return whole;
}

function summarise(judged: readonly Judged[], signature: string, language: string): Judgement {
  const supported = judged.filter(({ followed }) => followed !== 'unsupported');
  const followed = supported.filter((one) => one.followed === true);
  const details: JsonObject = {
    signature,
    instructions: judged.map(({ id, followed: verdict, why }) => ({ id, followed: verdict, why })),
    followed: followed.length,
    supported: supported.length,
  };
  if (supported.length === 0) {
    const because = `none of the instructions can be told in ${language}: ${judged[0]?.why ?? ''}`;
    return { status: 'unscored', why: 'not-applicable', because, details };
  }
  const missed = supported.find((one) => one.followed === false);
  const told = `${followed.length} of ${supported.length} ${supported.length === 1 ? 'instruction' : 'instructions'} followed`;
  const because = missed === undefined ? told : `${told}; ${missed.id}: ${missed.why}`;
  return { status: 'scored', score: followed.length / supported.length, because, details };
}
