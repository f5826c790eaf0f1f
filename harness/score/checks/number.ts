import type { Check, JsonObject, Judgement } from '../../types.ts';
import { stringsOf, valuesOf } from './answer-params.ts';
import { add, atMost, exact, exactText, magnitude, negated, times, type Exact } from './number-exact.ts';
import { machineNumber } from './number-notation.ts';
import { readNumber, type NumberReading, type Take } from './number-read.ts';
import { separatorsVersion } from './number-separators.ts';

/** The number an answer gives is the expected one, in whatever digits and separators the language writes it. */
export const number: Check = {
  name: 'number',
  summary: '1 if the number the answer gives equals the expected one',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: {
        oneOf: [
          { type: ['number', 'string'] },
          { type: 'array', minItems: 1, items: { type: ['number', 'string'] } },
        ],
        description:
          'The number, or several that are right, in machine notation in every language: 1234.5 or "1,234.5".',
      },
      abs_tol: {
        type: 'number',
        minimum: 0,
        description: 'Difference that still counts as equal. Default 0.',
      },
      rel_tol: {
        type: 'number',
        minimum: 0,
        description: 'The same as a share of the expected number; the larger of both holds. Default 0.',
      },
      labels: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        description: 'Words that announce the number, beside those known for the language, such as "Total".',
      },
      take: {
        enum: ['auto', 'labelled', 'whole', 'last'],
        description:
          'Where to read: in a box or after a label, else the last number (auto); only in a box or after a label (labelled); the whole answer, which may hold one value (whole); the last number (last). Default auto.',
      },
    },
  },
  threshold: 1,
  problem: (params) => {
    const values = valuesOf(params);
    if (values.length === 0) return 'value is empty: there is no number to compare with';
    const bad = values.find((value) => machineNumber(value) === null);
    return bad === undefined
      ? null
      : `value ${JSON.stringify(bad)} is not machine notation: write it like 1234.5, in every language`;
  },
  run: (input) => {
    const { params, language } = input;
    const take = takeOf(params);
    const reading = readNumber(input.text, language, take, stringsOf(params['labels']));
    const signature = `number|take:${take}|${separatorsVersion}|${toleranceSignature(params)}`;
    return judged(reading, params, signature);
  },
};

function judged(reading: NumberReading, params: JsonObject, signature: string): Judgement {
  const { how } = reading;
  const expected = valuesOf(params);
  if (reading.kind !== 'read') {
    const raw = reading.kind === 'ambiguous' ? shortened(reading.raw) : null;
    return {
      status: 'scored',
      score: 0,
      unreadable: true,
      because:
        reading.kind === 'none' ? 'no number in the answer' : `"${raw}" can be read in more than one way`,
      details: { signature, outcome: reading.kind, how, raw, value: null, unit: null, otherReading: false },
    };
  }
  const { raw, unit } = reading;
  const { value, other } = reading.number;
  const matches = (read: Exact): boolean => expected.some((one) => isEqual(read, one, params));
  const correct = matches(value);
  const text = shortened(exactText(value));
  return {
    status: 'scored',
    score: correct ? 1 : 0,
    because: correct ? `${text}, as expected` : `${text}, expected ${expected.slice(0, 5).join(' or ')}`,
    details: {
      signature,
      outcome: correct ? 'correct' : 'wrong',
      how,
      raw: shortened(raw),
      value: text,
      unit,
      otherReading: !correct && other !== null && matches(other),
    },
  };
}

function isEqual(read: Exact, given: number | string, params: JsonObject): boolean {
  const expected = machineNumber(given);
  if (expected === null) return false;
  const difference = magnitude(add(read, negated(expected)));
  return (
    atMost(difference, toleranceOf(params, 'abs_tol')) ||
    atMost(difference, times(toleranceOf(params, 'rel_tol'), magnitude(expected)))
  );
}

function toleranceOf(params: JsonObject, name: string): Exact {
  const given = params[name];
  return (typeof given === 'number' ? machineNumber(given) : null) ?? exact(0n);
}

/** `tol:0`, `tol:0.01`, `tol:0+0.001rel`. */
function toleranceSignature(params: JsonObject): string {
  const [absolute, relative] = [toleranceOf(params, 'abs_tol'), toleranceOf(params, 'rel_tol')].map(
    exactText,
  );
  return `tol:${absolute}${relative === '0' ? '' : `+${relative}rel`}`;
}

function takeOf(params: JsonObject): Take {
  const take = params['take'];
  return take === 'labelled' || take === 'whole' || take === 'last' ? take : 'auto';
}

/** Evidence is for the page: long runs of digits are cut. */
function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
