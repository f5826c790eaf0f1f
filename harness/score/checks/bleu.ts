import type { Check, JsonObject, LanguageTag } from '../../types.ts';
import { bleuOf, bleuOrder, bleuStats } from './bleu-score.ts';
import {
  bleuTokens,
  defaultTokenizer,
  isTokenizer,
  leavesWhole,
  tokenizers,
  unshippedTokenizers,
  type TokenizerName,
} from './bleu-tokenize.ts';
import { emptyMetricReference, metricParams, openSides } from './metric-params.ts';
import { ngramIndex, type NgramIndex } from './ngrams.ts';

const sides = openSides<NgramIndex<string>>();

/** Sentence BLEU against one reference or several; 0..1 = BLEU / 100. */
export const bleu: Check = {
  name: 'bleu',
  summary:
    'Score: sentence BLEU against the reference (or several together); compare models within one language only',
  params: metricParams({
    tokenize: {
      enum: [...Object.keys(tokenizers), ...unshippedTokenizers],
      description:
        'How sacrebleu would cut words: 13a, intl, zh, char or none; those that need a dictionary or a model are refused. Default zh for Chinese, char for Korean and languages written without spaces, else 13a.',
    },
  }),
  threshold: null,
  problem: (params, language) => tokenizerProblem(params, language) ?? emptyMetricReference(params, language),
  run: (input) => {
    const { params, language } = input;
    const lowercase = params['lowercase'] === true;
    const tokenizer = tokenizerOf(params, language);
    const cut = (line: string): string[] => bleuTokens(line, tokenizer, lowercase);
    const how = `case:${lowercase ? 'lc' : 'mixed'}|eff:yes|tok:${tokenizer}|smooth:exp`;
    const found = sides(input, how, (references) => ngramIndex(references.map(cut), bleuOrder));
    const stats = bleuStats(cut(found.answer), found.references);
    const score = bleuOf(stats, true);
    return {
      status: 'scored',
      score: Math.min(1, score / 100),
      because: `BLEU ${score.toFixed(1)} of 100`,
      details: {
        signature: `BLEU|nrefs:${found.references.lengths.length}|${how}|${found.norm}`,
        stats,
      },
    };
  },
};

function tokenizerOf(params: JsonObject, language: LanguageTag): TokenizerName {
  const named = params['tokenize'];
  return isTokenizer(named) ? named : defaultTokenizer(language);
}

function tokenizerProblem(params: JsonObject, language: LanguageTag): string | null {
  const named = params['tokenize'];
  if (typeof named === 'string' && unshippedTokenizers.includes(named))
    return `tokenize ${named} needs a dictionary or model that is not shipped; use tokenize: char`;
  const tokenizer = tokenizerOf(params, language);
  return leavesWhole(tokenizer, language)
    ? `tokenize ${tokenizer} finds no words in ${language}, which is written without spaces; use tokenize: ${defaultTokenizer(language)}`
    : null;
}
