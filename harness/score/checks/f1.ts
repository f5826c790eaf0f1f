import type { Check, JsonObject } from '../../types.ts';
import { recent } from '../recent.ts';
import { baseLanguage } from '../scripts.ts';
import { nothingLeft, references, likenessParam } from './comparable.ts';
import { isProfile, mlqaLanguages, profiles, type ProfileName } from './f1-profiles.ts';
import { harmonicMean, wordsBecause } from './harmonic-mean.ts';
import { ngramIndex, type NgramIndex } from './ngrams.ts';

interface Reference {
  readonly rest: string;
  readonly tokens: NgramIndex<string>;
}

const known = recent<Reference>();

/** F1 over the bags of tokens of the answer and of a reference. */
export const f1: Check = {
  name: 'f1',
  summary: 'Score: F1 of the words shared with the reference (the best of several), whatever their order',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: likenessParam,
      profile: {
        enum: Object.keys(profiles),
        description:
          'visavis: words as ICU finds them, after lenient normalisation. squad, mlqa: as those scores were published, for comparison only; mlqa is defined for en es de ar hi vi zh. Default visavis.',
      },
    },
  },
  threshold: null,
  problem: (params, language) => {
    const name = profileOf(params);
    if (name === 'mlqa' && !mlqaLanguages.includes(baseLanguage(language)))
      return `the profile mlqa is defined for ${mlqaLanguages.join(' ')}, not for ${language}`;
    const rest = (reference: string) => profiles.visavis.rest(reference, language);
    const empty = references(params).find((reference) => rest(reference) === '');
    return empty === undefined ? null : nothingLeft(empty);
  },
  run: ({ text, params, language }) => {
    const name = profileOf(params);
    const { rest, tokens, signature } = profiles[name];
    const answer = rest(text, language);
    const found = tokens(answer, language);
    let best = { score: -1, shared: 0, total: 0 };
    for (const reference of references(params)) {
      const other = known([name, language, reference].join('\u0000'), () => {
        const left = rest(reference, language);
        return { rest: left, tokens: ngramIndex([tokens(left, language)], 1) };
      });
      const [total = 0] = other.tokens.lengths;
      const [shared = 0] = other.tokens.matches(found);
      const bare = found.length + total === 0;
      const alike = name === 'visavis' ? other.rest === answer : true;
      const score = bare ? Number(alike) : harmonicMean(shared, found.length, total);
      if (score > best.score) best = { score, shared, total };
    }
    const { score, shared, total } = best;
    return {
      status: 'scored',
      score,
      because: wordsBecause('F1', best, found.length),
      details: { signature: `f1|${signature}`, shared, answer: found.length, reference: total },
    };
  },
};

function profileOf(params: JsonObject): ProfileName {
  const name = params['profile'];
  return isProfile(name) ? name : 'visavis';
}
