/** What the readers of server logs share. */
import type { LogFigures } from '../../types.ts';

/** Reads the lines of one kind of server; null when none of them is of this server. */
export type LogReader = (lines: readonly string[]) => LogFigures | null;

/** Servers write GB and GiB and mean 1024 x 1024 x 1024 both times. */
export const gibibyte = 1024 ** 3;
export const mebibyte = 1024 ** 2;

/** `314,304` as 314304. */
export const plainNumber = (word: string): number => Number(word.replaceAll(',', ''));

/** Nothing known is null, not zero. */
export function total(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0);
}

/**
 * The lines since a server was started last: a log that was appended to holds earlier starts too. `begins`: what is
 * written once per start; the first pattern that any line has decides.
 */
export function sinceLast(lines: readonly string[], begins: readonly RegExp[]): readonly string[] {
  for (const pattern of begins) {
    const last = lines.findLastIndex((line) => pattern.test(line));
    if (last !== -1) return lines.slice(last);
  }
  return lines;
}
