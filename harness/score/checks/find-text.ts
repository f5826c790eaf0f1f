/** Looks for a reference inside an answer, anywhere or at word edges. */
import type { CheckInput, JsonObject } from '../../types.ts';
import type { Normalization } from '../normalize.ts';
import { isUnspaced } from '../scripts.ts';
import { comparable, normalizeParam } from './comparable.ts';

/** Parameters of a check that looks for `value`. */
export const findParams = (value: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: ['value'],
  properties: { value, normalize: normalizeParam, edge: edgeParam },
});

const edgeParam: JsonObject = {
  enum: ['none', 'word'],
  description:
    'word: the reference stands between word edges. Has no effect in languages written without spaces. Default none.',
};

export interface Finder {
  readonly signature: string;
  /** Code points before the first find in the normalised answer, or null. */
  readonly find: (reference: string) => number | null;
}

export function openFinder(name: string, input: CheckInput, fallback: Normalization): Finder {
  const { side, signature } = comparable(input.params, input.language, fallback);
  const edge = input.params['edge'] === 'word' && !isUnspaced(input.language);
  const answer = side(input.text);
  return {
    signature: `${name}|${signature}|edge:${edge ? 'word' : 'none'}`,
    find: (reference) => {
      const at = indexOfWord(answer, side(reference), { before: edge, after: edge });
      return at === -1 ? null : Array.from(answer.slice(0, at)).length;
    },
  };
}

const wordPart = /[\p{L}\p{M}\p{N}]/u;

/** Whether a word must end before the find, and after it. */
export interface WordEdges {
  readonly before: boolean;
  readonly after: boolean;
}

/** Where `wanted` stands between the edges asked for, in UTF-16 units, `from` on; -1: nowhere. */
export function indexOfWord(text: string, wanted: string, { before, after }: WordEdges, from = 0): number {
  for (let at = text.indexOf(wanted, from); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (!(before && joins(text, at, -1)) && !(after && joins(text, at + wanted.length, 1))) return at;
  }
  return -1;
}

/** Whether a letter, mark or number lies directly before (-1) or after (1) an offset. */
function joins(text: string, at: number, side: -1 | 1): boolean {
  const neighbour = side === 1 ? text.codePointAt(at) : codePointBefore(text, at);
  return neighbour !== undefined && wordPart.test(String.fromCodePoint(neighbour));
}

function codePointBefore(text: string, at: number): number | undefined {
  if (at <= 0) return undefined;
  const unit = text.charCodeAt(at - 1);
  const low = unit >= 0xdc00 && unit <= 0xdfff && at > 1;
  return low ? text.codePointAt(at - 2) : unit;
}
