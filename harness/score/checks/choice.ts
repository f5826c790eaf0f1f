import type { Check, JsonObject, Judgement } from '../../types.ts';
import { stringsOf, valuesOf } from './answer-params.ts';
import { readChoice } from './choice-read.ts';

/** The option an answer chooses is the right one. */
export const choice: Check = {
  name: 'choice',
  summary: '1 if the answer chooses the right option, by its label or by its text',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        oneOf: [
          { type: 'string', minLength: 1 },
          { type: 'integer', minimum: 0 },
          {
            type: 'array',
            minItems: 1,
            items: {
              oneOf: [
                { type: 'string', minLength: 1 },
                { type: 'integer', minimum: 0 },
              ],
            },
          },
        ],
        description:
          'The right label, or its position as a number counted from 0, or several that are right.',
      },
      labels: {
        type: 'array',
        minItems: 2,
        uniqueItems: true,
        items: { type: 'string', minLength: 1 },
        description:
          'The labels as the question shows them. Default: A B C D, or as many letters as there are choices.',
      },
      choices: {
        type: 'array',
        minItems: 2,
        items: { type: 'string', minLength: 1 },
        description:
          'The texts of the options in the order of the labels, for answers that repeat a text and no label.',
      },
    },
  },
  threshold: 1,
  templates: ['choices'],
  problem: (params) => {
    const labels = labelsOf(params);
    const choices = stringsOf(params['choices']);
    if (new Set(labels.map(comparable)).size < labels.length)
      return 'two labels are the same but for case or width';
    if (choices.length > 0 && choices.length !== labels.length)
      return `there are ${labels.length} labels and ${choices.length} choices`;
    if (new Set(choices.map((text) => text.normalize('NFC').trim())).size < choices.length)
      return 'two choices have the same text';
    const values = valuesOf(params);
    if (values.length === 0) return 'value is empty: no option would be right';
    if (
      labels.every((label) => /^\p{Nd}+$/u.test(label)) &&
      values.some((value) => typeof value === 'number')
    )
      return 'value is a number and so are the labels: quote the label that is right';
    const bad = values.find((value) => indexOf(value, labels) === null);
    return bad === undefined
      ? null
      : `value ${JSON.stringify(bad)} is not among the labels ${labels.join(' ')}`;
  },
  run: ({ text, params, language }) => judged(text, params, language),
};

function judged(text: string, params: JsonObject, language: string): Judgement {
  const labels = labelsOf(params);
  const signature = `choice|k:${labels.length}`;
  const chance = 1 / labels.length;
  const reading = readChoice(text, { labels, choices: stringsOf(params['choices']), language });
  const { how } = reading;
  if (reading.kind !== 'choice') {
    const because = {
      ambiguous: 'the answer names more than one option',
      invalid: `the answer names a label that is not among ${labels.join(' ')}`,
      none: 'the answer chooses no option',
    }[reading.kind];
    return {
      status: 'scored',
      score: 0,
      unreadable: true,
      because,
      details: { signature, outcome: reading.kind, how, label: null, index: null, chance },
    };
  }
  const { index } = reading;
  const label = labels[index] ?? '';
  const right = valuesOf(params).map((value) => indexOf(value, labels));
  const correct = right.includes(index);
  const expected = right.map((one) => (one === null ? '' : labels[one])).join(' or ');
  return {
    status: 'scored',
    score: correct ? 1 : 0,
    because: correct ? `${label}, as expected` : `${label}, expected ${expected}`,
    details: { signature, outcome: correct ? 'correct' : 'wrong', how, label, index, chance },
  };
}

function labelsOf(params: JsonObject): readonly string[] {
  const given = stringsOf(params['labels']);
  if (given.length > 0) return given.map((label) => label.normalize('NFC').trim());
  const count = stringsOf(params['choices']).length || 4;
  return Array.from({ length: count }, (_, index) => String.fromCodePoint(65 + index));
}

function indexOf(value: string | number, labels: readonly string[]): number | null {
  const index = typeof value === 'number' ? value : labels.indexOf(value.normalize('NFC').trim());
  return index >= 0 && index < labels.length ? index : null;
}

function comparable(label: string): string {
  return label.normalize('NFKC').toLowerCase();
}
