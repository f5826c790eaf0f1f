/** Text of a model or a suite as evidence: no longer than it must be, and where a line is meant, on one. */

/** At most `limit` UTF-16 units, the last of them a mark that more followed. Cuts no character in two. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`;
}

/** The same on one line. */
export function shortLine(text: string, limit: number): string {
  return shortened(text, limit).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
