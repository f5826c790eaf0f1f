/** How large a pattern's program will be, told from its text: building a huge one costs more than refusing it. */

/** What stands for itself whatever is in it: quoted text, named classes, code points, any other escape, a class. */
const opaque =
  /\\Q[^]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\[^]|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]/gu;
const token = /\{(\d+)(?:,(\d*))?\}|[^]/gu;

/**
 * Atoms of the pattern with every counted repetition written out: `(a{10}b){3}` has 33 and its brackets. An estimate, in
 * time linear in the pattern, of what the engine would build.
 */
export function writtenOutSize(source: string): number {
  const outer: number[] = [];
  let total = 0;
  /** Size of what a count after it would repeat. */
  let last = 0;
  for (const [text, low, high] of source.replaceAll(opaque, 'x').matchAll(token)) {
    if (text === '(') {
      outer.push(total);
      total = 0;
      last = 0;
    } else if (text === ')') {
      last = total;
      total += outer.pop() ?? 0;
    } else if (low !== undefined && last > 0) {
      const copies = Math.max(Number(low), Number(high === undefined || high === '' ? low : high), 1);
      total += last * (copies - 1);
      last *= copies;
    } else {
      last = 1;
      total++;
    }
  }
  return outer.reduce((sum, part) => sum + part, total);
}
