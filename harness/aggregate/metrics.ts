/** How each metric was defined, and how often its checks had something to say. Counts, no statistics. */
import type { MetricFacts, SignatureUse, VerdictCount } from '../types.ts';
import { entry } from './grouping.ts';
import type { JoinedRow } from './rows.ts';
import type { Axes } from './scores.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Draft {
  readonly suite: string;
  readonly metric: string;
  readonly check: string;
  readonly signatures: Map<string, { readonly languages: Set<string>; scored: number }>;
  readonly verdicts: Map<string, Mutable<VerdictCount>>;
}

/** One entry per suite, metric and check, in the order of the axes, then of the plan. */
export function metricFacts(axes: Axes, rows: readonly JoinedRow[]): MetricFacts[] {
  const drafts = new Map<string, Draft>();
  for (const row of rows) {
    const { suite, checks } = row.cell;
    checks.forEach((spec, index) => {
      const check = `${spec.not ? 'not-' : ''}${spec.type}`;
      const { metric } = spec;
      const draft = entry(drafts, `${suite}\u0000${metric}\u0000${check}`, () => ({
        suite,
        metric,
        check,
        signatures: new Map(),
        verdicts: new Map(),
      }));
      add(draft, row, index);
    });
  }
  const place = (names: readonly string[], name: string): number => names.indexOf(name);
  return [...drafts.values()]
    .toSorted(
      (a, b) =>
        place(axes.suites, a.suite) - place(axes.suites, b.suite) ||
        place(axes.metrics, a.metric) - place(axes.metrics, b.metric),
    )
    .map((draft) => finish(axes, draft));
}

function add(draft: Draft, { cell, sample, byIndex }: JoinedRow, index: number): void {
  const count = entry(draft.verdicts, cell.target, () => ({
    target: cell.target,
    scored: 0,
    notApplicable: 0,
    checkError: 0,
    noAnswer: 0,
    unasked: 0,
  }));
  const verdict = byIndex[index]?.verdict;
  if (sample === null) count.unasked += 1;
  else if (sample.outcome.kind === 'failed') count.noAnswer += 1;
  else if (verdict?.status === 'scored') {
    count.scored += 1;
    const said = verdict.details['signature'];
    const use = entry(draft.signatures, typeof said === 'string' ? said : draft.check, () => ({
      languages: new Set<string>(),
      scored: 0,
    }));
    use.languages.add(cell.language);
    use.scored += 1;
  } else if (verdict?.why === 'not-applicable') count.notApplicable += 1;
  // A verdict that is not there counts as a crash: nobody knows what it says.
  else count.checkError += 1;
}

function finish(axes: Axes, { suite, metric, check, signatures, verdicts }: Draft): MetricFacts {
  return {
    suite,
    metric,
    check,
    signatures: [...signatures].map(([signature, { languages, scored }]): SignatureUse => ({
      signature,
      languages: axes.languages.filter((language) => languages.has(language)),
      scored,
    })),
    verdicts: axes.targets.flatMap((target) => verdicts.get(target) ?? []),
  };
}

/** Suite and metric of figures that are means over several definitions within one language, with how many at most. */
export function mixedMetrics(
  metrics: readonly MetricFacts[],
): { readonly suite: string; readonly metric: string; readonly definitions: number }[] {
  const found = new Map<string, { suite: string; metric: string; byLanguage: Map<string, Set<string>> }>();
  for (const { suite, metric, signatures } of metrics) {
    const one = entry(found, JSON.stringify([suite, metric]), () => ({
      suite,
      metric,
      byLanguage: new Map(),
    }));
    for (const { signature, languages } of signatures)
      for (const language of languages) entry(one.byLanguage, language, () => new Set()).add(signature);
  }
  return [...found.values()].flatMap(({ suite, metric, byLanguage }) => {
    const definitions = Math.max(0, ...[...byLanguage.values()].map((set) => set.size));
    return definitions < 2 ? [] : [{ suite, metric, definitions }];
  });
}
