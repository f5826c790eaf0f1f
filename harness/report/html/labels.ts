/** Labels of charts: how wide they are, roughly, and how they are cut. */

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });

function graphemes(text: string): string[] {
  return Array.from(letters.segment(text), ({ segment }) => segment);
}

/** Estimated width in px; the exact one would depend on the fonts of the reader. */
export function widthOf(labels: readonly string[], most: number): number {
  const widths = labels.map((label) =>
    graphemes(label).reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e7f ? 13 : 7.2), 0),
  );
  return Math.min(most, Math.max(40, ...widths));
}

/**
 * At most `limit` letters as a reader counts them, with an ellipsis where something was cut. On one line, and not the name
 * of anything that every object has: the chart library keeps what it knows of a line under its text in a plain object,
 * where `__proto__` would change all objects of this process.
 */
export function shorten(label: string, limit = 28): string {
  const line = label.replaceAll(/[\r\n]+/gu, ' ');
  const points = graphemes(line);
  const short = points.length <= limit ? line : `${points.slice(0, limit - 1).join('')}…`;
  return short in Object.prototype ? `${short}\u00a0` : short;
}
