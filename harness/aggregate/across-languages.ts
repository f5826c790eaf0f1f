/**
 * Whether the pass of an item in one language may be held against its pass in another. What decides the pass must be
 * defined alike in both, and must not be a metric whose height says more about a script than about an answer.
 */
import type { Observation } from './observation.ts';

/** Compared between models within a language, never between languages, whatever threshold a suite gives them. */
const lexical = new Set(['chrf', 'bleu', 'rouge-l', 'f1', 'levenshtein']);

type Judged = Pick<Observation, 'checks' | 'signatures'>;

/** True when every check with a threshold asks the same of both. */
export function sameRuler(one: Judged, other: Judged): boolean {
  const checks = one.checks ?? [];
  return checks.every((check, at) => {
    if (check.threshold === null) return true;
    if (lexical.has(check.type)) return false;
    const [mine, theirs] = [one.signatures?.[at] ?? null, other.signatures?.[at] ?? null];
    return mine === null || theirs === null || ownScriptApart(mine) === ownScriptApart(theirs);
  });
}

/** Each language is asked for its own script: the letters differ by design, the question does not. */
function ownScriptApart(signature: string): string {
  return signature.startsWith('script|') ? signature.replace(/\|scx:[^|]*/u, '') : signature;
}

/** True when a pass rests on a threshold of such a metric, so that it is not compared with other languages. */
export function restsOnLexical({ checks = [] }: Pick<Judged, 'checks'>): boolean {
  return checks.some(({ type, threshold }) => threshold !== null && lexical.has(type));
}
