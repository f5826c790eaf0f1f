import type { Check } from '../../types.ts';
import { recent } from '../recent.ts';
import { tokSignature, words } from '../words.ts';
import { subsequenceWith } from './common-subsequence.ts';
import { comparable, emptyReference, normalizeBy, references, likenessParam } from './comparable.ts';
import { harmonicMean, wordsBecause } from './harmonic-mean.ts';

interface Reference {
  readonly total: number;
  readonly shared: (items: readonly string[]) => number;
}

const known = recent<Reference>();

/**
 * F1 of the longest common subsequence of words. Never to be compared with published ROUGE, whose tokenizer keeps
 * `[a-z0-9]` alone and gives two equal Thai texts 0.
 */
export const rougeL: Check = {
  name: 'rouge-l',
  summary:
    'Score: F1 of the longest common subsequence of ICU words (best reference); no published ROUGE is comparable',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: likenessParam,
      normalize: normalizeBy('lenient'),
    },
  },
  threshold: null,
  problem: (params, language) => emptyReference(params, language, 'lenient'),
  run: ({ text, params, language }) => {
    const { side, signature: norm } = comparable(params, language, 'lenient');
    const signature = `rougeL|${tokSignature}|${norm}`;
    const found = words(side(text), language);
    let best = { score: -1, shared: 0, total: 0 };
    for (const reference of references(params)) {
      const other = known([norm, language, reference].join('\u0000'), () => {
        const items = words(side(reference), language);
        return { total: items.length, shared: subsequenceWith(items) };
      });
      const { total } = other;
      if (found.length + total === 0) continue;
      const shared = other.shared(found);
      const score = harmonicMean(shared, found.length, total);
      if (score > best.score) best = { score, shared, total };
    }
    const { score, shared, total } = best;
    if (score < 0) {
      const because = 'neither the answer nor the reference has a word';
      return { status: 'unscored', why: 'not-applicable', because, details: { signature } };
    }
    return {
      status: 'scored',
      score,
      because: wordsBecause('ROUGE-L', best, found.length),
      details: { signature, shared, answer: found.length, reference: total },
    };
  },
};
