/** Chance for the plan, from a hash of what it is for: no draw moves another, and the same seed draws the same anywhere. */
import { createHash } from 'node:crypto';

export type Purpose = readonly (string | number)[];

/** 0 <= x < 1 with 48 random bits, a function of its purpose. */
export function uniform(purpose: Purpose): number {
  return createHash('sha256').update(JSON.stringify(purpose)).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** 16 hex digits that stand for one prompt in one repeat. */
export function nonceOf(purpose: Purpose): string {
  return createHash('sha256')
    .update(JSON.stringify(['nonce', ...purpose]))
    .digest('hex')
    .slice(0, 16);
}

/** At most `most` of the questions, drawn by the seed, the languages taking turns: none is left out while there is room. */
export function spread<Q extends { readonly name: string; readonly language: string }>(
  questions: readonly Q[],
  most: number,
  seed: number,
): Q[] {
  const byLanguage = new Map<string, { readonly question: Q; readonly drawn: number }[]>();
  for (const question of questions) {
    const list = byLanguage.get(question.language) ?? [];
    byLanguage.set(question.language, list);
    list.push({ question, drawn: uniform([seed, 'question', question.name]) });
  }
  const lists = [...byLanguage.values()].map((list) => list.toSorted((a, b) => a.drawn - b.drawn));
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const rounds = Array.from({ length: longest }, (_, round) =>
    lists.flatMap((list) => list[round]?.question ?? []),
  );
  return rounds.flat().slice(0, most);
}
