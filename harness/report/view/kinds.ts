/** What became of every planned cell, counted: outage, crashed check and wrong answer stay apart. */
import type { CellKind, Summary } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { kindWords } from '../strings.ts';

/** Order of bars, legends and tables. */
export const kindOrder = Object.keys(kindWords) as CellKind[];

export interface KindLine {
  readonly kind: CellKind;
  readonly word: string;
  readonly meaning: string;
  /** Failure code, or ''. */
  readonly code: string;
  /** Per target, in the summary's order. */
  readonly counts: readonly number[];
}

export interface LanguageKinds {
  readonly language: LanguageName;
  readonly target: string;
  readonly counts: readonly number[];
}

export interface KindsView {
  readonly targets: readonly string[];
  /** Only kinds that occur. */
  readonly kinds: readonly CellKind[];
  /** One line per kind. */
  readonly lines: readonly KindLine[];
  /** The failure codes behind `no-answer`. */
  readonly codes: readonly KindLine[];
  readonly totals: readonly number[];
  readonly byLanguage: readonly LanguageKinds[];
}

export function kindsView(summary: Summary): KindsView {
  const targets = summary.targets.map((target) => target.id);
  const sum = (keep: (count: Summary['kinds'][number]) => boolean) =>
    summary.kinds.filter(keep).reduce((total, each) => total + each.count, 0);
  const kinds = kindOrder.filter((kind) => sum((each) => each.kind === kind) > 0);
  const line = (kind: CellKind, code: string | null): KindLine => ({
    kind,
    ...kindWords[kind],
    code: code ?? '',
    counts: targets.map((target) =>
      sum((each) => each.target === target && each.kind === kind && (code === null || each.code === code)),
    ),
  });
  const codes = [
    ...new Set(summary.kinds.flatMap((each) => (each.code === null ? [] : [each.code]))),
  ].toSorted();
  return {
    targets,
    kinds,
    lines: kinds.map((kind) => line(kind, null)),
    codes: codes.map((code) => line('no-answer', code)),
    totals: targets.map((target) => sum((each) => each.target === target)),
    byLanguage: summary.languages.flatMap((tag) =>
      targets.map((target) => ({
        language: languageName(tag),
        target,
        counts: kinds.map((kind) =>
          sum((each) => each.target === target && each.language === tag && each.kind === kind),
        ),
      })),
    ),
  };
}
