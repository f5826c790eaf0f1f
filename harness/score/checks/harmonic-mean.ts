/** F1 of two counts, as `f1` and `rouge-l` take it. */

export interface SharedWords {
  readonly score: number;
  /** Words that both sides have. */
  readonly shared: number;
  /** Words of the reference. */
  readonly total: number;
}

/** 2PR / (P + R) with P = shared / answer and R = shared / reference; 0 where nothing is shared. */
export function harmonicMean(shared: number, answer: number, reference: number): number {
  return shared === 0 ? 0 : (2 * shared) / (answer + reference);
}

/** `F1 66.7 of 100: 2 words shared, 3 in the answer, 3 in the reference`. */
export function wordsBecause(name: string, { score, shared, total }: SharedWords, answer: number): string {
  return `${name} ${(100 * score).toFixed(1)} of 100: ${shared} words shared, ${answer} in the answer, ${total} in the reference`;
}
