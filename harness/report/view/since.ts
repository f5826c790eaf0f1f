/** What changed since an earlier run, rounded and in words. */
import type { CellChange, CellSide, RunComparison, RunDifference } from '../../types.ts';
import { languageName, type LanguageName } from '../language-names.ts';
import { formatShare } from '../numbers.ts';
import { kindWords, labelWords, sinceWords } from '../strings.ts';
import { pointsFigure, type Figure } from './figure.ts';

export interface SinceLine {
  readonly target: string;
  readonly language: LanguageName | null;
  readonly difference: Figure;
  readonly word: string;
  readonly counts: readonly number[];
  /** A cell came or went, or is judged otherwise; other words for the same score do not count. */
  readonly hasChanged: boolean;
}

export interface ChangeLine {
  readonly change: CellChange['change'];
  readonly word: string;
  readonly target: string;
  readonly language: LanguageName;
  /** `suite › test`, with variant and repeat where there are some. */
  readonly place: string;
  readonly before: SideText;
  readonly after: SideText;
}

export interface SideText {
  readonly kind: string;
  readonly score: string;
  readonly excerpt: string;
}

export interface SinceView {
  readonly earlier: string;
  readonly createdAt: string;
  readonly extent: string;
  readonly remarks: readonly string[];
  readonly sentences: readonly string[];
  /** Heads of `counts`. */
  readonly heads: readonly string[];
  readonly overall: readonly SinceLine[];
  readonly byLanguage: readonly SinceLine[];
  readonly changes: readonly ChangeLine[];
  readonly distinct: number;
}

export function sinceView(comparison: RunComparison): SinceView {
  const { earlier, common, added, gone, remarks, differences, changes } = comparison;
  const whole = differences.filter(({ language }) => language === null);
  return {
    earlier: earlier.id,
    createdAt: earlier.createdAt,
    extent: `${common} cells in both runs, ${added} new, ${gone} gone.`,
    remarks,
    sentences: whole.map(({ sentence }) => sentence),
    heads: [...countKeys.map((key) => sinceWords.changes[key]), sinceWords.added, sinceWords.gone],
    overall: whole.map(sinceLine),
    byLanguage: differences.filter(({ language }) => language !== null).map(sinceLine),
    changes: changes.list.map(changeLine),
    distinct: changes.distinct,
  };
}

const countKeys = ['worse', 'lost', 'better', 'back', 'incomparable', 'reworded', 'same'] as const;

function sinceLine({ target, language, difference, label, cells, added, gone }: RunDifference): SinceLine {
  return {
    target,
    language: language === null ? null : languageName(language),
    difference: pointsFigure(difference),
    word: labelWords[label],
    counts: [...countKeys.map((key) => cells[key]), added, gone],
    hasChanged: cells.worse + cells.lost + cells.better + cells.back + cells.incomparable + added + gone > 0,
  };
}

function changeLine(change: CellChange): ChangeLine {
  const { suite, test, variant, repeat, target } = change;
  const more = [variant ?? '', repeat > 1 ? `${sinceWords.repeat} ${repeat}` : ''].filter(
    (part) => part !== '',
  );
  return {
    change: change.change,
    word: sinceWords.changes[change.change],
    target,
    language: languageName(change.language),
    place: [`${suite} › ${test}`, ...more].join(', '),
    before: sideText(change.before),
    after: sideText(change.after),
  };
}

function sideText({ kind, score, excerpt }: CellSide): SideText {
  return {
    kind: kindWords[kind].word,
    score: score === null ? sinceWords.noScore : formatShare(score),
    excerpt,
  };
}
