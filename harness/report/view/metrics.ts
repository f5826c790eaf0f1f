/** How metrics were defined, and how many of their verdicts there are. */
import type { Summary, VerdictCount } from '../../types.ts';
import { languageName } from '../language-names.ts';
import { pageWords, verdictWords } from '../strings.ts';

export interface SignatureLine {
  readonly suite: string;
  readonly metric: string;
  readonly check: string;
  readonly signature: string;
  /** English names, or that it is all of the suite's. */
  readonly languages: string;
  readonly scored: number;
}

export function signatureLines(summary: Summary): SignatureLine[] {
  return summary.metrics.flatMap(({ suite, metric, check, signatures }) => {
    const all = summary.suites.find(({ name }) => name === suite)?.languages ?? [];
    return signatures.map(({ signature, languages, scored }) => ({
      suite,
      metric,
      check,
      signature,
      languages:
        all.length > 1 && all.every((tag) => languages.includes(tag))
          ? pageWords.all
          : languages.map((tag) => languageName(tag).english).join(', '),
      scored,
    }));
  });
}

const kinds = Object.keys(verdictWords) as (keyof typeof verdictWords)[];

export interface VerdictLine {
  readonly suite: string;
  readonly metric: string;
  readonly check: string;
  readonly target: string;
  readonly counts: readonly number[];
}

export interface VerdictsView {
  readonly words: readonly string[];
  readonly lines: readonly VerdictLine[];
}

/** One line per metric, check and target. */
export function verdictsView(summary: Summary): VerdictsView {
  return {
    words: kinds.map((kind) => verdictWords[kind]),
    lines: summary.metrics.flatMap(({ suite, metric, check, verdicts }) =>
      verdicts.map((count) => ({ suite, metric, check, target: count.target, counts: countsOf(count) })),
    ),
  };
}

function countsOf(count: VerdictCount): number[] {
  return kinds.map((kind) => count[kind]);
}

/** `not applicable 3, no answer 1`; empty where everything planned was scored. */
export function unscoredText(count: VerdictCount): string {
  return kinds
    .filter((kind) => kind !== 'scored' && count[kind] > 0)
    .map((kind) => `${verdictWords[kind]} ${count[kind]}`)
    .join(', ');
}
