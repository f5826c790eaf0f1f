/** Collects what is wrong in one file: each thing said once, errors and warnings each up to a limit. */
import type { Problem } from '../types.ts';
import { placeOf, type Spot } from './node.ts';

/** Problems of one severity said about one file before the rest is only counted. */
const maxProblems = 200;

/** A search for what was meant is made only for problems that are shown. */
export type Hint = string | null | (() => string | null);

type Severity = Problem['severity'];

export interface ProblemList {
  readonly error: (spot: Spot | null, message: string, hint?: Hint) => void;
  readonly warning: (spot: Spot | null, message: string, hint?: Hint) => void;
  readonly errors: () => number;
  /** Sorted by place; what has no place comes last. */
  readonly all: () => Problem[];
}

export function collectProblems(file: string): ProblemList {
  const found = new Map<string, Problem>();
  const counts: Record<Severity, number> = { error: 0, warning: 0 };
  const add = (severity: Severity, spot: Spot | null, message: string, hint: Hint): void => {
    const place = spot === null ? null : placeOf(spot);
    const key = `${severity} ${place?.file ?? ''}:${place?.line ?? 0}:${place?.column ?? 0} ${message}`;
    if (found.has(key)) return;
    counts[severity] += 1;
    if (counts[severity] > maxProblems) return;
    const said = typeof hint === 'function' ? hint() : hint;
    found.set(key, {
      severity,
      message: oneLine(message),
      hint: said === null ? null : oneLine(said),
      place,
    });
  };
  const rest = (severity: Severity): Problem[] =>
    counts[severity] <= maxProblems
      ? []
      : [
          {
            severity,
            message: `${file}: ${counts[severity] - maxProblems} more ${severity}s are not shown`,
            hint: null,
            place: null,
          },
        ];
  return {
    error: (spot, message, hint = null) => add('error', spot, message, hint),
    warning: (spot, message, hint = null) => add('warning', spot, message, hint),
    errors: () => counts.error,
    all: () => [...byPlace([...found.values()]), ...rest('error'), ...rest('warning')],
  };
}

/** Sorted by file, line and column; problems without a place stay in their order at the end. */
export function byPlace(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => {
    if (a.place === null || b.place === null) return Number(a.place === null) - Number(b.place === null);
    if (a.place.file !== b.place.file) return a.place.file < b.place.file ? -1 : 1;
    return a.place.line - b.place.line || a.place.column - b.place.column;
  });
}

/** UTF-16 units of a message or a hint: what a suite writes may be quoted in it. */
const longest = 1000;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s*[\n\r\u0085\u2028\u2029]+\s*/gu, ' ');
  return line.length > longest ? `${Array.from(line.slice(0, longest)).slice(0, -1).join('')}…` : line;
}
