import type { Check, JsonObject, LanguageTag } from '../../types.ts';
import { normalize } from '../normalize.ts';
import { bestChrfStats, chrfDefaults, chrfOf, type ChrfOptions } from './chrf-score.ts';

/** Character n-gram F score against one reference or the best of several; 0..1 = chrF / 100. */
export const chrf: Check = {
  name: 'chrf',
  summary:
    'Score: chrF++ against the reference (the best of several); compare models within one language only',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        oneOf: [{ type: 'string' }, { type: 'array', minItems: 1, items: { type: 'string' } }],
        description: 'The reference, or several.',
      },
      word_order: {
        type: 'integer',
        minimum: 0,
        maximum: 4,
        description: '2 is chrF++, 0 is chrF. Default 2.',
      },
      char_order: { type: 'integer', minimum: 1, maximum: 10, description: 'Default 6.' },
      beta: { type: 'number', exclusiveMinimum: 0, maximum: 10, description: 'Weight of recall. Default 2.' },
      lowercase: { type: 'boolean', description: 'Default false.' },
      whitespace: {
        type: 'boolean',
        description: 'Whether white space counts as characters. Default false.',
      },
      normalize: {
        enum: ['nfc', 'none', 'strict', 'caseless', 'lenient'],
        description: 'Applied to both sides. none is what sacrebleu does. Default nfc.',
      },
    },
  },
  threshold: null,
  problem: (params, language) =>
    references(params, language).some((reference) => reference.trim() === '')
      ? 'value is empty: there is nothing to compare with'
      : null,
  run: (input) => {
    const options = chrfOptions(input.params);
    const answer = normalized(input.text, input.params, input.language);
    const refs = references(input.params, input.language);
    const stats = bestChrfStats(answer, refs, options);
    const score = chrfOf(stats, options.beta);
    const signature = chrfSignature(options, refs.length, normalizationOf(input.params));
    return {
      status: 'scored',
      score: Math.min(1, score / 100),
      because: `${signature.split('|')[0] ?? 'chrF'} ${score.toFixed(1)} of 100`,
      details: { signature, stats },
    };
  },
};

type Normalization = 'none' | 'nfc' | 'strict' | 'caseless' | 'lenient';

function normalizationOf(params: JsonObject): Normalization {
  const how = params['normalize'];
  return how === 'none' || how === 'strict' || how === 'caseless' || how === 'lenient' ? how : 'nfc';
}

function normalized(text: string, params: JsonObject, language: LanguageTag): string {
  const how = normalizationOf(params);
  return normalize(text, how === 'nfc' ? ['strip-think', 'nfc'] : how, language);
}

function references(params: JsonObject, language: LanguageTag): readonly string[] {
  const value = params['value'];
  const list = Array.isArray(value) ? value : [value];
  return list.map((one) => normalized(typeof one === 'string' ? one : '', params, language));
}

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
export function chrfSignature(options: ChrfOptions, references: number, normalization: string): string {
  return [
    `chrF${options.beta}${'+'.repeat(Math.min(2, options.wordOrder))}`,
    `nrefs:${references}`,
    `case:${options.lowercase ? 'lc' : 'mixed'}`,
    'eff:yes',
    `nc:${options.charOrder}`,
    `nw:${options.wordOrder}`,
    `space:${options.whitespace ? 'yes' : 'no'}`,
    `norm:${normalization}`,
  ].join('|');
}
