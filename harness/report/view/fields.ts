/** Rules of schemas that answers broke, and which fields of their JSON were right. */
import type { FieldEvidence, Summary } from '../../types.ts';
import { differenceWords, pageWords } from '../strings.ts';
import { type Figure, heatStep, shareFigure } from './figure.ts';

export interface ViolationLine {
  readonly suite: string;
  readonly pointer: string;
  readonly keyword: string;
  /** One per target. */
  readonly counts: readonly number[];
}

export interface FieldCell {
  readonly match: Figure;
  readonly step: string;
  /** `other value 3, absent 1`; empty where nothing differs. */
  readonly differences: string;
}

export interface FieldLine {
  readonly suite: string;
  readonly pointer: string;
  readonly kind: string;
  readonly cells: readonly (FieldCell | null)[];
}

export interface FieldsView {
  readonly violations: {
    readonly listed: number;
    readonly distinct: number;
    readonly lines: readonly ViolationLine[];
  };
  readonly fields: {
    readonly listed: number;
    readonly distinct: number;
    readonly lines: readonly FieldLine[];
  };
}

export function fieldsView(summary: Summary): FieldsView {
  const { violations, fields } = summary.evidence;
  const targets = summary.targets.map(({ id }) => id);
  const lines = new Map<string, FieldEvidence[]>();
  for (const field of fields.list) {
    const key = JSON.stringify([field.suite, field.metric, field.pointer]);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [field]);
    else line.push(field);
  }
  return {
    violations: {
      listed: violations.list.length,
      distinct: violations.distinct,
      lines: violations.list.map(({ suite, pointer, keyword, targets: counts }) => ({
        suite,
        pointer: pointerText(pointer),
        keyword,
        counts: targets.map((id) => counts.find(({ target }) => target === id)?.answers ?? 0),
      })),
    },
    fields: {
      listed: lines.size,
      distinct: fields.distinct,
      lines: [...lines.values()].flatMap((rows) => {
        const [first] = rows;
        if (first === undefined) return [];
        const cells = targets.map((id) => {
          const row = rows.find(({ target }) => target === id);
          return row === undefined ? null : fieldCell(row);
        });
        return [{ suite: first.suite, pointer: pointerText(first.pointer), kind: first.kind, cells }];
      }),
    },
  };
}

function pointerText(pointer: string): string {
  return pointer === '' ? pageWords.wholeValue : pointer;
}

function fieldCell({ match, differences }: FieldEvidence): FieldCell {
  const names = Object.keys(differenceWords) as (keyof typeof differenceWords)[];
  return {
    match: shareFigure(match),
    step: heatStep(match.value),
    differences: names
      .filter((name) => differences[name] > 0)
      .map((name) => `${differenceWords[name]} ${differences[name]}`)
      .join(', '),
  };
}
