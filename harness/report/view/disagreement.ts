/**
 * Where one target passed a question and the other did not, by language and by what the wrong one did instead. Counts of
 * questions, not statistics: the label of a difference is the comparison's to give. A pair is counted where both have a
 * pass or a failure; what has none (no answer, a crashed check, no threshold) is missing.
 */
import type { CellKind, LanguageTag, Report, Row } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { kindOrder } from './kinds.ts';

/** Questions that one passed and the other did not. */
export interface OneSided {
  readonly count: number;
  /** What the other's outcomes were, most frequent first. */
  readonly kinds: readonly { readonly kind: CellKind; readonly count: number }[];
}

export interface DisagreementLine {
  /** null: all languages, added up. */
  readonly language: LanguageName | null;
  readonly both: number;
  readonly neither: number;
  readonly onlyOther: OneSided;
  readonly onlyBaseline: OneSided;
  /** Pairs counted: the four above add up to it. */
  readonly n: number;
  readonly missing: number;
}

export interface Disagreement {
  readonly other: string;
  readonly baseline: string;
  /** All languages first, then each that was asked. */
  readonly lines: readonly DisagreementLine[];
}

interface Tally {
  both: number;
  neither: number;
  missing: number;
  readonly onlyOther: Map<CellKind, number>;
  readonly onlyBaseline: Map<CellKind, number>;
}

const newTally = (): Tally => ({
  both: 0,
  neither: 0,
  missing: 0,
  onlyOther: new Map(),
  onlyBaseline: new Map(),
});

/** Every other target against the baseline; none where there is one target. */
export function disagreements({ summary, rows }: Report): Disagreement[] {
  const { baseline, languages } = summary;
  const base = new Map(
    rows.filter(({ cell }) => cell.target === baseline).map((row) => [questionOf(row), row]),
  );
  const others = summary.targets.map(({ id }) => id).filter((id) => id !== baseline);
  return others.map((other): Disagreement => {
    const tallies = new Map<LanguageTag | null, Tally>();
    for (const row of rows) {
      if (row.cell.target !== other || row.cell.observe) continue;
      const partner = base.get(questionOf(row));
      for (const scope of [null, row.cell.language]) {
        const tally = tallies.get(scope) ?? newTally();
        tallies.set(scope, tally);
        add(tally, row, partner);
      }
    }
    const lines = [null, ...languages].flatMap((tag) => {
      const tally = tallies.get(tag);
      return tally === undefined ? [] : [lineOf(tag, tally)];
    });
    return { other, baseline, lines };
  });
}

function questionOf({ cell }: Row): string {
  return [cell.suite, cell.test, cell.language, cell.variant ?? '', cell.repeat].join('\u0000');
}

function add(tally: Tally, other: Row, baseline: Row | undefined): void {
  const [theirs, ours] = [other.pass, baseline?.pass ?? null];
  if (baseline === undefined || theirs === null || ours === null) tally.missing += 1;
  else if (theirs && ours) tally.both += 1;
  else if (theirs) count(tally.onlyOther, baseline.kind);
  else if (ours) count(tally.onlyBaseline, other.kind);
  else tally.neither += 1;
}

function count(kinds: Map<CellKind, number>, kind: CellKind): void {
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}

function lineOf(tag: LanguageTag | null, tally: Tally): DisagreementLine {
  const { both, neither, missing } = tally;
  const onlyOther = oneSided(tally.onlyOther);
  const onlyBaseline = oneSided(tally.onlyBaseline);
  const n = both + neither + onlyOther.count + onlyBaseline.count;
  return {
    language: tag === null ? null : languageName(tag),
    both,
    neither,
    onlyOther,
    onlyBaseline,
    n,
    missing,
  };
}

function oneSided(kinds: ReadonlyMap<CellKind, number>): OneSided {
  const listed = [...kinds]
    .map(([kind, times]) => ({ kind, count: times }))
    .toSorted((a, b) => b.count - a.count || kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
  return { count: listed.reduce((sum, each) => sum + each.count, 0), kinds: listed };
}
