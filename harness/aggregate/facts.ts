/** Who was asked, what was planned, and what became of it: counts, no statistics. */
import type {
  CellKind,
  KindCount,
  Manifest,
  Row,
  SuiteFacts,
  Summary,
  TargetFacts,
  TargetRecord,
} from '../types.ts';
import { compareText } from './effective.ts';
import { entry } from './grouping.ts';
import type { Axes } from './scores.ts';

export type Tally = Summary['totals'];

const kinds: Readonly<Record<CellKind, number>> = {
  passed: 0,
  'scored-only': 1,
  'wrong-answer': 2,
  'wrong-language': 3,
  'invalid-json': 4,
  truncated: 5,
  refusal: 6,
  empty: 7,
  'check-error': 8,
  'not-applicable': 9,
  observed: 10,
  'no-answer': 11,
  unasked: 12,
};

/**
 * What the rows can be grouped by: targets and suites in the manifest's order, languages in the order in which the
 * suites name them, metrics in the plan's. Only what is planned; what the manifest does not name comes last.
 */
export function axesOf(manifest: Manifest, rows: readonly Row[]): Axes {
  const planned = {
    targets: new Set<string>(),
    languages: new Set<string>(),
    suites: new Set<string>(),
    metrics: new Set<string>(),
  };
  for (const { cell } of rows) {
    planned.targets.add(cell.target);
    planned.languages.add(cell.language);
    planned.suites.add(cell.suite);
    for (const check of cell.checks) planned.metrics.add(check.metric);
  }
  const ordered = (named: readonly string[], found: ReadonlySet<string>): string[] => [
    ...new Set([...named.filter((name) => found.has(name)), ...found]),
  ];
  return {
    // A target without a planned cell still has facts to show.
    targets: [...new Set([...manifest.targets.map((target) => target.id), ...planned.targets])],
    languages: ordered(
      manifest.suites.flatMap((suite) => suite.languages),
      planned.languages,
    ),
    suites: ordered(
      manifest.suites.map((suite) => suite.name),
      planned.suites,
    ),
    metrics: [...planned.metrics],
  };
}

export function tally(rows: readonly Row[]): Tally {
  let failed = 0;
  let unasked = 0;
  for (const { sample } of rows) {
    if (sample === null) unasked += 1;
    else if (sample.outcome.kind === 'failed') failed += 1;
  }
  return { planned: rows.length, answered: rows.length - failed - unasked, failed, unasked };
}

export function targetFacts(
  manifest: Manifest,
  byTarget: ReadonlyMap<string, readonly Row[]>,
): TargetFacts[] {
  return manifest.targets.map((target) => {
    const rows = byTarget.get(target.id) ?? [];
    const retries = rows.reduce((sum, row) => sum + Math.max(0, row.attempts - 1), 0);
    return {
      id: target.id,
      model: target.model,
      endpoint: target.endpoint,
      apiKeyEnv: target.apiKeyEnv ?? null,
      authored: target.authored,
      concurrency: target.concurrency,
      params: target.params,
      languages: target.languages,
      license: target.license,
      ...toldOf(target.facts),
      ...tally(rows),
      retries,
    };
  });
}

/** What a probe was told of how the model is served: a licence is of weights, and weights come in many sizes. */
function toldOf(facts: TargetRecord['facts']): Pick<TargetFacts, 'quantization' | 'contextTokens'> {
  const { quantization, contextTokens } = facts ?? {};
  return {
    quantization: typeof quantization === 'string' ? quantization : null,
    contextTokens: typeof contextTokens === 'number' ? contextTokens : null,
  };
}

export function suiteFacts(manifest: Manifest, rows: readonly Row[]): SuiteFacts[] {
  const planned = new Map<string, { tests: Set<string>; metrics: Set<string> }>();
  for (const { cell } of rows) {
    const facts = entry(planned, cell.suite, () => ({
      tests: new Set<string>(),
      metrics: new Set<string>(),
    }));
    facts.tests.add(cell.test);
    for (const check of cell.checks) facts.metrics.add(check.metric);
  }
  return manifest.suites.map((suite) => ({
    name: suite.name,
    file: suite.file,
    sha256: suite.sha256,
    description: suite.description,
    languages: suite.languages,
    tests: planned.get(suite.name)?.tests.size ?? 0,
    metrics: [...(planned.get(suite.name)?.metrics ?? [])],
  }));
}

/** How many cells of each kind, by target, language and suite; their sum is the plan. */
export function kindCounts(axes: Axes, rows: readonly Row[]): KindCount[] {
  const counts = new Map<string, { -readonly [K in keyof KindCount]: KindCount[K] }>();
  for (const { cell, sample, kind } of rows) {
    const code = sample?.outcome.kind === 'failed' ? sample.outcome.failure.code : null;
    const { target, language, suite } = cell;
    const name = [target, language, suite, kind, code ?? ''].join('\u0000');
    entry(counts, name, () => ({ target, language, suite, kind, code, count: 0 })).count += 1;
  }
  const places = (names: readonly string[]): Map<string, number> =>
    new Map(names.map((name, index) => [name, index]));
  const [targets, languages, suites] = [places(axes.targets), places(axes.languages), places(axes.suites)];
  const by = (order: ReadonlyMap<string, number>, a: string, b: string): number =>
    (order.get(a) ?? 0) - (order.get(b) ?? 0);
  return [...counts.values()].toSorted(
    (a, b) =>
      by(targets, a.target, b.target) ||
      by(languages, a.language, b.language) ||
      by(suites, a.suite, b.suite) ||
      kinds[a.kind] - kinds[b.kind] ||
      compareText(a.code ?? '', b.code ?? ''),
  );
}
