import type { Check, JsonObject, LanguageTag } from '../../types.ts';
import { countLetters, isUnicodeScript, scriptsOf, unicodeScripts } from '../scripts.ts';
import { answerProse } from './answer-prose.ts';

/** The answer is written in the expected script, whatever the language. */
export const script: Check = {
  name: 'script',
  summary: 'Score: share of the letters that belong to the expected scripts; passes from 0.9',
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      value: {
        oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
        description:
          'ISO 15924 code such as Arab, or several. Default: the scripts of the question’s language.',
      },
    },
  },
  threshold: 0.9,
  problem: (params) => {
    const named = namedScripts(params) ?? [];
    const han = named.find((code) => code === 'Hans' || code === 'Hant');
    if (han !== undefined) return `Unicode does not tell ${han} from its sibling: use Hani`;
    const bad = named.find((code) => !unicodeScripts(code).every(isUnicodeScript));
    return bad === undefined
      ? null
      : `"${bad}" is no ISO 15924 script code that Unicode knows: write it like Arab`;
  },
  run: (input) => {
    const scripts = wantedScripts(input.params, input.language);
    const signature = `script|scx:${scripts.join('+')}`;
    const { letters, wanted, others } = countLetters(
      answerProse(input.text, input.prompt, input.finish),
      scripts,
    );
    const details = { signature, letters, others: Object.fromEntries(others.slice(0, 5)) };
    if (letters === 0) return { status: 'unscored', why: 'not-applicable', because: 'no letters', details };
    const score = wanted / letters;
    return {
      status: 'scored',
      score,
      because: `${wanted} of ${letters} letters are ${scripts.join(' or ')}`,
      details,
    };
  },
};

function namedScripts(params: JsonObject): readonly string[] | null {
  const value = params['value'];
  if (value === undefined) return null;
  return (Array.isArray(value) ? value : [value]).filter((code) => typeof code === 'string');
}

function wantedScripts(params: JsonObject, language: LanguageTag): readonly string[] {
  return [...new Set((namedScripts(params) ?? scriptsOf(language)).flatMap(unicodeScripts))].toSorted();
}
