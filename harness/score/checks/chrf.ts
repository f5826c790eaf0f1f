import type { Check, JsonObject } from '../../types.ts';
import {
  chrfDefaults,
  chrfOf,
  chrfReference,
  chrfStats,
  type ChrfOptions,
  type ChrfReference,
} from './chrf-score.ts';
import { references } from './comparable.ts';
import { emptyMetricReference, metricParams, openSides } from './metric-params.ts';

const sides = openSides<readonly ChrfReference[]>();

/** Character n-gram F score against one reference or the best of several; 0..1 = chrF / 100. */
export const chrf: Check = {
  name: 'chrf',
  summary:
    'Score: chrF++ against the reference (the best of several); compare models within one language only',
  params: metricParams({
    word_order: {
      type: 'integer',
      minimum: 0,
      maximum: 4,
      description: '2 is chrF++, 0 is chrF. Default 2.',
    },
    char_order: { type: 'integer', minimum: 1, maximum: 10, description: 'Default 6.' },
    beta: { type: 'number', exclusiveMinimum: 0, maximum: 10, description: 'Weight of recall. Default 2.' },
    whitespace: {
      type: 'boolean',
      description: 'Whether white space counts as characters. Default false.',
    },
  }),
  threshold: null,
  problem: emptyMetricReference,
  run: (input) => {
    const options = chrfOptions(input.params);
    const found = sides(input, chrfSignature(options, 0, ''), (refs) =>
      refs.map((reference) => chrfReference(reference, options)),
    );
    const stats = chrfStats(found.answer, found.references, options);
    const score = chrfOf(stats, options.beta);
    const signature = chrfSignature(options, references(input.params).length, found.norm);
    return {
      status: 'scored',
      score: Math.min(1, score / 100),
      because: `${signature.split('|')[0] ?? 'chrF'} ${score.toFixed(1)} of 100`,
      details: { signature, stats },
    };
  },
};

function chrfOptions(params: JsonObject): ChrfOptions {
  const number = (name: string, fallback: number): number => {
    const value = params[name];
    return typeof value === 'number' ? value : fallback;
  };
  return {
    charOrder: number('char_order', chrfDefaults.charOrder),
    wordOrder: number('word_order', chrfDefaults.wordOrder),
    beta: number('beta', chrfDefaults.beta),
    lowercase: params['lowercase'] === true,
    whitespace: params['whitespace'] === true,
  };
}

/** `chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|norm:nfc`, as sacrebleu prints it, then our normalisation. */
function chrfSignature(options: ChrfOptions, nrefs: number, norm: string): string {
  return [
    `chrF${options.beta}${'+'.repeat(Math.min(2, options.wordOrder))}`,
    `nrefs:${nrefs}`,
    `case:${options.lowercase ? 'lc' : 'mixed'}`,
    'eff:yes',
    `nc:${options.charOrder}`,
    `nw:${options.wordOrder}`,
    `space:${options.whitespace ? 'yes' : 'no'}`,
    norm,
  ].join('|');
}
