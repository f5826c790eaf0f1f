import type { Check, CheckInput, JsonObject, Judgement } from '../../types.ts';
import { codePoints } from '../code-points.ts';
import { graphemes, tokSignature } from '../words.ts';
import {
  comparable,
  emptyReference,
  normalizeBy,
  references,
  likenessParam,
  wholeSide,
} from './comparable.ts';
import { editDistance } from './edit-distance.ts';

/** Longer texts would hold the judge for seconds. */
const limit = 20_000;

type Split = (text: string) => readonly (number | string)[];

const units: Readonly<Record<string, { readonly split: Split; readonly icu: boolean }>> = {
  codepoint: { split: codePoints, icu: false },
  grapheme: { split: graphemes, icu: true },
};

/** Likeness of two texts, letter by letter: 1 - distance / length of the longer. */
export const levenshtein: Check = {
  name: 'levenshtein',
  summary: 'Score: 1 − edit distance / length of the longer text (the best of several references)',
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['value'],
    properties: {
      value: likenessParam,
      unit: {
        enum: Object.keys(units),
        description:
          'What is inserted, deleted or replaced as one. What a grapheme is changes with ICU. Default codepoint.',
      },
      normalize: normalizeBy('strict'),
      max_distance: {
        type: 'integer',
        minimum: 0,
        description: 'In place of a threshold: passes if no more edits than this tell the texts apart.',
      },
    },
  },
  threshold: null,
  limit: 'max_distance',
  problem: (params, language) => {
    const { how } = comparable(params, language, 'strict');
    const longest = Math.max(
      ...references(params).map(
        (reference) => unitOf(params).split(wholeSide(reference, how, language)).length,
      ),
    );
    return longest > limit
      ? `a reference of ${longest} units is too long to compare: at most ${limit}`
      : emptyReference(params, language, 'strict');
  },
  run: judge,
};

function unitOf(params: JsonObject): { readonly split: Split; readonly signature: string } {
  const named = params['unit'];
  const name = typeof named === 'string' ? named : 'codepoint';
  const unit = units[name];
  if (unit === undefined) throw new Error(`there is no unit ${name}`);
  return { split: unit.split, signature: `unit:${name}${unit.icu ? `|${tokSignature}` : ''}` };
}

function judge({ text, params, language }: CheckInput): Judgement {
  const { how, signature: norm } = comparable(params, language, 'strict');
  const unit = unitOf(params);
  const signature = `lev|${unit.signature}|${norm}`;
  const split: Split = (side) => unit.split(wholeSide(side, how, language));
  const answer = split(text);
  const sides = references(params).map(split);
  const longest = Math.max(answer.length, ...sides.map((side) => side.length));
  if (longest > limit) {
    const because = `${longest} units are too many to compare: at most ${limit}`;
    return { status: 'unscored', why: 'check-error', because, details: { signature } };
  }
  let best = { score: -1, distance: 0, length: 0 };
  let nearest = Number.POSITIVE_INFINITY;
  for (const side of sides) {
    const distance = editDistance(answer, side);
    const length = Math.max(answer.length, side.length);
    const score = length === 0 ? 1 : 1 - distance / length;
    nearest = Math.min(nearest, distance);
    if (score > best.score) best = { score, distance, length };
  }
  const { score, distance, length } = best;
  const most = params['max_distance'];
  const allowed = typeof most === 'number' ? `, ${nearest} from the nearest, at most ${most} allowed` : '';
  return {
    status: 'scored',
    score,
    ...(typeof most === 'number' ? { pass: nearest <= most } : {}),
    because: `${distance} edits in ${length} units${allowed}`,
    details: { signature, distance, length },
  };
}
