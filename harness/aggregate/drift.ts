/**
 * Whether a target became slower, or faster, while it was asked: no answer is wrong for it and no score changes, but a
 * difference in time between targets may be one between hours. First and last third of a target's answers, in the
 * order in which they were asked for.
 */
import type { Note, Row, Sample } from '../types.ts';
import { median } from './stats/quantile.ts';
import { isTimed } from './times.ts';

/** Answers in a third: fewer tell nothing about a median. */
const fewest = 12;
/** A median that is so many times the other. Less is what load and caches do all day. */
const factor = 2;

/** One look at an answer: how long it took, and how much there was to do. */
interface Measure {
  readonly ms: number;
  /** Bytes in UTF-8: in every script nearer to tokens than characters are. */
  readonly size: number;
}

interface Kind {
  readonly words: string;
  readonly of: (row: Row, sample: Sample) => Measure | null;
}

const kinds: readonly Kind[] = [
  {
    words: 'to the first token',
    of: ({ cell, times }) => measure(times.ttftMs, promptBytes(cell.messages)),
  },
  { words: 'in all', of: ({ times }, { bytes }) => measure(times.e2eMs, bytes) },
];

/** A line for each target whose times moved. */
export function driftNotes(targets: readonly string[], rows: readonly Row[]): Note[] {
  return targets.flatMap((target) => {
    const asked = rows
      .filter((row) => row.cell.target === target && row.sample !== null && isTimed(row.sample))
      .toSorted((a, b) => sentAt(a.sample) - sentAt(b.sample));
    const third = Math.floor(asked.length / 3);
    if (third < fewest) return [];
    const first = asked.slice(0, third);
    const last = asked.slice(-third);
    const moved = kinds.flatMap(({ words, of }) => {
      const ratio = ratioOf(measuresOf(first, of), measuresOf(last, of));
      return ratio === null ? [] : [{ words, ...ratio }];
    });
    if (moved.length === 0) return [];
    const each = moved.map(
      ({ words, before, after }) => `median ${Math.round(after)} ms ${words} after ${Math.round(before)} ms`,
    );
    const isSlower = moved.some(({ before, after }) => after > before);
    return [
      {
        level: 'warning',
        code: 'drift',
        text: `${target} became ${isSlower ? 'slower' : 'faster'} while it was asked: ${each.join(', ')} (last against first third of ${asked.length} answers). Its times are a mixture of both; its scores are not touched.`,
      },
    ];
  });
}

/** Wall clock when it was sent, ms since 1970: the one clock that goes on from one start of a run to the next. */
function sentAt(sample: Sample | null): number {
  if (sample === null) return 0;
  const { tCall, tDone } = sample.timing;
  return sample.endedAt - (tCall === null || tDone === null ? 0 : tDone - tCall);
}

function promptBytes(messages: Row['cell']['messages']): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}

function measure(ms: number | null, size: number): Measure | null {
  return ms === null || ms <= 0 ? null : { ms, size: Math.max(1, size) };
}

function measuresOf(rows: readonly Row[], of: Kind['of']): Measure[] {
  return rows.flatMap((row) => {
    const found = row.sample === null ? null : of(row, row.sample);
    return found === null ? [] : [found];
  });
}

/**
 * The two medians, where they differ by the factor both as they are and per byte of what there was to do: languages and
 * suites follow one another, and a longer text alone is no drift, nor is a shorter one.
 */
function ratioOf(
  first: readonly Measure[],
  last: readonly Measure[],
): { before: number; after: number } | null {
  if (Math.min(first.length, last.length) < fewest) return null;
  const before = median(first.map(({ ms }) => ms));
  const after = median(last.map(({ ms }) => ms));
  const perByte =
    median(last.map(({ ms, size }) => ms / size)) / median(first.map(({ ms, size }) => ms / size));
  const ratio = after / before;
  const isSlower = ratio >= factor && perByte >= factor;
  const isFaster = ratio <= 1 / factor && perByte <= 1 / factor;
  return isSlower || isFaster ? { before, after } : null;
}
