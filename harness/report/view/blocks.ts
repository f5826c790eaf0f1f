/** Evidence that sorts every answer into one of a few outcomes: counts by target, by metric and by language. */
import type { CellKind, Evidence, EvidenceScope, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatShare } from '../numbers.ts';
import { blockWords } from '../strings.ts';

export type BlockId = keyof typeof blockWords;

type Scope = Omit<EvidenceScope, 'n' | 'missing'>;

/** One row of evidence, whatever its kind. */
interface Counted {
  readonly scope: Scope;
  readonly n: number;
  readonly missing: number;
  readonly counts: Readonly<Record<string, number>>;
  /** 1/k, or null where guessing has no meaning. */
  readonly chance: number | null;
}

/** A row here, and words of the same name, show another kind of evidence. */
const sources: Readonly<Record<BlockId, (evidence: Evidence) => readonly Counted[]>> = {
  numbers: ({ numbers }) => numbers.map((row) => counted(row, { ...row })),
  choices: ({ choices }) => choices.map((row) => ({ ...counted(row, { ...row }), chance: row.chance })),
  languages: ({ languages }) =>
    languages.flatMap(({ language, linePass: _line, wordPass: _word, drift: _drift, ...row }) =>
      language === null ? [] : [counted({ ...row, language }, { ...row })],
    ),
  stages: ({ stages }) => stages.map((row) => counted({ ...row, metric: '' }, { ...row.stages })),
};

function counted(row: EvidenceScope, counts: object): Counted {
  const { suite, metric, target, language, n, missing } = row;
  const numbers = Object.entries(counts).filter(([, value]) => typeof value === 'number');
  return {
    scope: { suite, metric, target, language },
    n,
    missing,
    counts: Object.fromEntries(numbers) as Record<string, number>,
    chance: null,
  };
}

export interface Outcome {
  readonly key: string;
  readonly word: string;
  readonly meaning: string;
  readonly color: CellKind;
}

/** Counts of one group of answers, in the order of the block's outcomes. */
export interface Tally {
  readonly counts: readonly number[];
  readonly n: number;
  readonly missing: number;
  /** One text per footer. */
  readonly footers: readonly string[];
}

export interface Block {
  readonly id: BlockId;
  readonly heading: string;
  readonly lead: string;
  readonly chart: string;
  readonly axis: string;
  readonly targets: readonly string[];
  /** Only those that occur. */
  readonly outcomes: readonly Outcome[];
  readonly footers: readonly { readonly word: string; readonly meaning: string }[];
  /** One per target. */
  readonly totals: readonly Tally[];
  readonly byMetric: readonly (Tally & { readonly name: string; readonly target: string })[];
  readonly byLanguage: readonly (Tally & { readonly language: LanguageName; readonly target: string })[];
}

/** `suite › metric`; the suite alone where the evidence has no metric. */
export function metricName({ suite, metric }: Pick<Scope, 'suite' | 'metric'>): string {
  return metric === '' ? suite : `${suite} › ${metric}`;
}

/** The blocks that have evidence. */
export function blocksOf(summary: Summary): Block[] {
  const ids = Object.keys(blockWords) as BlockId[];
  return ids.flatMap((id) => {
    const rows = sources[id](summary.evidence);
    return rows.length === 0 ? [] : [blockOf(id, rows, summary)];
  });
}

function blockOf(id: BlockId, rows: readonly Counted[], summary: Summary): Block {
  const { outcomes: words, footers, ...texts } = blockWords[id];
  const named = Object.entries<Omit<Outcome, 'key'>>(words).map(([key, each]) => ({ key, ...each }));
  const outcomes = named.filter(({ key }) => rows.some(({ counts }) => (counts[key] ?? 0) > 0));
  const targets = summary.targets
    .map((target) => target.id)
    .filter((target) => rows.some(({ scope }) => scope.target === target));
  const tally = (part: readonly Counted[]): Tally => ({
    counts: outcomes.map(({ key }) => sum(part, ({ counts }) => counts[key] ?? 0)),
    n: sum(part, ({ n }) => n),
    missing: sum(part, ({ missing }) => missing),
    footers: Object.keys(footers).map((name) =>
      name === 'chance' ? chanceOf(part) : String(sum(part, ({ counts }) => counts[name] ?? 0)),
    ),
  });
  const grouped = (key: (scope: Scope) => string): string[] => [
    ...new Set(rows.map(({ scope }) => key(scope))),
  ];
  const metrics = grouped(metricName);
  return {
    id,
    ...texts,
    targets,
    outcomes,
    footers: Object.values(footers),
    totals: targets.map((target) => tally(rows.filter(({ scope }) => scope.target === target))),
    byMetric: metrics.flatMap((name) =>
      targets.map((target) => {
        const part = rows.filter(({ scope }) => metricName(scope) === name && scope.target === target);
        return { name, target, ...tally(part) };
      }),
    ),
    byLanguage: summary.languages
      .filter((tag) => rows.some(({ scope }) => scope.language === tag))
      .flatMap((tag) =>
        targets.map((target) => {
          const part = rows.filter(({ scope }) => scope.language === tag && scope.target === target);
          return { language: languageName(tag), target, ...tally(part) };
        }),
      ),
  };
}

/** The share that guessing would get right, over answers of any number of options. */
function chanceOf(rows: readonly Counted[]): string {
  const known = rows.filter(({ chance }) => chance !== null);
  const n = sum(known, (row) => row.n);
  return formatShare(n === 0 ? null : sum(known, (row) => row.n * (row.chance ?? 0)) / n);
}

function sum(rows: readonly Counted[], pick: (row: Counted) => number): number {
  return rows.reduce((total, row) => total + pick(row), 0);
}
